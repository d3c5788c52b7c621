// A saved segment: what it says, how its size went, who they are and who is in it, who comes and goes, and who changed it
// and why.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams, useSearchParams } from "react-router-dom";
import { api, asProblem, ask, type Schemas } from "../api/client";
import { Button, Input, Segmented } from "../controls/controls";
import { Count, Figure, Moment, Name } from "../parts/figures";
import { Page, Panel } from "../parts/page";
import { Answer, Nothing } from "../parts/states";
import { WithReason } from "../parts/with_reason";
import { useWho } from "../session/session";
import { useWords } from "../theme/settings";
import "./audience.css";
import { MembersPanel } from "./members";
import { MovesPanel } from "./moves_panel";
import { Portrait } from "./portrait";
import { SizeHistory } from "./size_history";
import { WhyPanel } from "./why";

type Segment = Schemas["Segment"];

// A change that the answer of the server replaces the segment with.
function useChange(id: string) {
  const client = useQueryClient();
  return (next: Segment) => {
    client.setQueryData(["segment", id], next);
    void client.invalidateQueries({ queryKey: ["rows", "segments"] });
    void client.invalidateQueries({ queryKey: ["segment-portrait", id] });
    void client.invalidateQueries({ queryKey: ["lists"] });
  };
}

function Life({ of }: { of: Segment }) {
  const words = useWords();
  const t = words.segment_page;
  const done = useChange(of.id);
  const [list, setList] = useState("");
  const put = (state: "frozen" | "living" | "retired") => async (why: string) =>
    done(
      await ask(
        api.POST("/v1/segments/{id}/state", {
          params: { path: { id: of.id } },
          body: { state, why, ...(state === "frozen" ? { list: list.trim() } : {}) },
        }),
      ),
    );
  if (of.state === "retired") return null;
  return (
    <div className="line case-acts">
      <div className="line">
        {of.state === "living" ? (
          <WithReason
            label={t.freeze}
            note={t.freeze_why}
            ready={list.trim() !== ""}
            onOpen={() => setList(`${of.name} ${new Date().toISOString().slice(0, 10)}`)}
            send={put("frozen")}
            onDone={() => undefined}
          >
            <label className="field">
              {t.list_name}
              <Input value={list} maxLength={128} onChange={(event) => setList(event.target.value)} />
            </label>
          </WithReason>
        ) : (
          <WithReason label={t.thaw} note={t.thaw_why} send={put("living")} onDone={() => undefined} />
        )}
        {of.state === "living" && (
          <Link to={`/segments?open=${of.id}`}>
            <Button tabIndex={-1}>{t.edit}</Button>
          </Link>
        )}
      </div>
      <WithReason
        label={t.retire}
        note={t.retire_why}
        button={{ danger: true }}
        send={put("retired")}
        onDone={() => undefined}
      />
    </div>
  );
}

function Head({ of }: { of: Segment }) {
  const words = useWords();
  const t = words.segment_page;
  const who = useWho();
  const said = of.measured;
  return (
    <Panel>
      <p className="mono segment-says">{of.expression}</p>
      {of.trouble && (
        <p className="problem" role="alert">
          {of.trouble}
        </p>
      )}
      <div className="figures">
        <Figure name={t.size} note={said ? <Moment at={said.at} /> : undefined}>
          {!said ? "–" : said.size === null ? words.segments.too_few : <Count value={said.size} full />}
        </Figure>
        <Figure name={words.segments.refresh} note={of.watched ? t.watched : t.not_watched}>
          <span className="figure-word">{words.segments.refreshes[of.refresh]}</span>
        </Figure>
        <Figure name={words.segments.purpose}>
          <span className="figure-word">{of.purpose}</span>
        </Figure>
        <Figure
          name={t.state}
          note={of.list !== undefined ? t.means_list(of.list) : words.segments.version(of.version)}
        >
          <span className="figure-word">{words.segments.state[of.state]}</span>
        </Figure>
      </div>
      {who.role === "operator" && <Life of={of} />}
    </Panel>
  );
}

// What happened to it, newest first: versions and states in one order.
function History({ of }: { of: Segment }) {
  const words = useWords();
  const t = words.segment_page;
  const events = [
    ...of.versions.map((each) => ({ at: each.at, by: each.by, why: each.why, version: each, change: null })),
    ...of.states.map((each) => ({ at: each.at, by: each.by, why: each.why, version: null, change: each })),
  ].sort((a, b) => b.at.localeCompare(a.at));
  return (
    <Panel title={t.history} note={t.history_why}>
      <ol className="plain">
        {events.map((each, i) => (
          <li key={i} className="row">
            <div className="line">
              <strong>
                {each.version ? words.segments.version(each.version.version) : t.change[each.change!.change]}
              </strong>
              <span className="grow">{each.why}</span>
              <span className="soft small">
                <Name of={each.by} /> · <Moment at={each.at} />
              </span>
            </div>
            {each.version && (
              <p className="mono soft small segment-says">
                {each.version.name !== of.name && `${each.version.name}: `}
                {each.version.expression}
              </p>
            )}
            {each.change?.list !== undefined && <p className="soft small">{t.means_list(each.change.list)}</p>}
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function WhoTheyAre({ of }: { of: Segment }) {
  const words = useWords();
  const asked = useQuery({
    queryKey: ["segment-portrait", of.id, of.version, of.state],
    retry: false,
    queryFn: () =>
      ask(api.GET("/v1/segments/{id}/composition", { params: { path: { id: of.id }, query: { limit: 100 } } })),
  });
  return (
    <Panel title={words.segments.composition} note={words.portrait.why}>
      {asked.error && asProblem(asked.error).code === "refused" ? (
        <Nothing title={words.portrait.too_few}>{words.portrait.too_few_why}</Nothing>
      ) : (
        <Answer of={asked}>{(data) => <Portrait of={data} name={`segment-${of.name}`} />}</Answer>
      )}
    </Panel>
  );
}

const views = ["portrait", "members", "moves", "sizes", "history"] as const;
type View = (typeof views)[number];

function Found({ of }: { of: Segment }) {
  const words = useWords();
  const t = words.segment_page;
  const who = useWho();
  const [asked, setAsked] = useState("");
  const [query, setQuery] = useSearchParams();
  const whole = of.state !== "retired" && !of.trouble;
  const explains = whole && who.role === "operator";
  const there = views.filter(
    (view) => view === "sizes" || view === "history" || (whole && (view !== "moves" || of.watched)),
  );
  const view = there.find((each) => each === query.get("view")) ?? there[0]!;
  const explain = (user: string) => {
    setAsked(user);
    document.getElementById("why")?.scrollIntoView({ block: "nearest" });
  };
  return (
    <>
      <Head of={of} />
      <Segmented<View>
        className="segment-views"
        value={view}
        aria-label={t.view}
        onChange={(next) => setQuery({ view: next }, { replace: true })}
        options={there.map((each) => ({ value: each, label: t.views[each] }))}
      />
      {view === "portrait" && <WhoTheyAre of={of} />}
      {explains && (view === "portrait" || view === "members") && (
        <WhyPanel expression={`segment(${JSON.stringify(of.name)})`} purpose={of.purpose} user={asked} />
      )}
      {view === "members" && <MembersPanel of={of} explain={explains ? explain : undefined} />}
      {view === "moves" && <MovesPanel id={of.id} />}
      {view === "sizes" && <SizeHistory of={of.history} />}
      {view === "history" && <History of={of} />}
    </>
  );
}

export default function SegmentPage() {
  const words = useWords();
  const { id = "" } = useParams();
  const asked = useQuery({
    queryKey: ["segment", id],
    queryFn: () => ask(api.GET("/v1/segments/{id}", { params: { path: { id } } })),
    refetchInterval: 30_000,
  });
  return (
    <Page title={asked.data?.name ?? words.place.segment} lead={<Link to="/segments">{words.place.segments}</Link>}>
      <Answer of={asked} rows={10}>
        {(data) => <Found of={data} />}
      </Answer>
    </Page>
  );
}
