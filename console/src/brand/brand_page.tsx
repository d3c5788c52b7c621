import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useSearchParams } from "react-router-dom";
import { api, ask, type Schemas } from "../api/client";
import { AudiencePanel } from "../audience/audience_panel";
import { saveFile } from "../audience/export";
import { Button, Input, Segmented } from "../controls/controls";
import { EvidencePanel } from "../creator/evidence_panel";
import "../creator/creator.css";
import { Count, Figure, MadeUp, Name, Share, WorkLink } from "../parts/figures";
import { Page, Panel } from "../parts/page";
import { Answer, Nothing } from "../parts/states";
import { useSettings } from "../theme/settings";
import { ReportPanel } from "./report_panel";

type Kind = "subject" | "creator";

// What a count is worth: of all organic likes that came, how many stand as genuine now.
function Worth({ counts, name }: { counts: Schemas["SubjectCounts"] | Schemas["CreatorCounts"]; name: string }) {
  const { words } = useSettings();
  const t = words.brand;
  const came = counts.likes + counts.held + counts.rejected;
  return (
    <Panel
      title={t.worth}
      note={t.worth_why}
      actions={
        <Button
          size="small"
          onClick={() => saveFile(`${name}-counts.json`, JSON.stringify(counts, null, 2), "application/json")}
        >
          {t.counts_json}
        </Button>
      }
    >
      <div className="split" aria-hidden>
        {(["likes", "held", "rejected"] as const).map(
          (part) =>
            counts[part] > 0 && (
              <i
                key={part}
                className={`split-${part === "likes" ? "genuine" : part}`}
                style={{ flexGrow: counts[part] }}
              />
            ),
        )}
      </div>
      <p className="soft small genuine-means">{t.genuine_means}</p>
      <div className="figures worth">
        <Figure name={t.genuine_share} kind="genuine" note={t.genuine_note}>
          {came === 0 ? "–" : <Share value={counts.likes / came} digits={2} />}
        </Figure>
        <Figure name={words.works.genuine_likes} kind="genuine">
          <Count value={counts.likes} />
        </Figure>
        <Figure name={words.works.held_likes} kind="held">
          <Count value={counts.held} />
        </Figure>
        <Figure name={words.works.rejected_likes} kind="rejected">
          <Count value={counts.rejected} />
        </Figure>
        <Figure name={words.work.incentivised} note={words.work.incentivised_why}>
          <Count value={counts.incentivised.likes} />
        </Figure>
        <Figure name={words.works.views}>
          <Count value={counts.views} />
        </Figure>
      </div>
    </Panel>
  );
}

function Found({ kind, id }: { kind: Kind; id: string }) {
  const params = { path: { id } };
  const counts = useQuery<Schemas["SubjectCounts"] | Schemas["CreatorCounts"]>({
    queryKey: ["brand-counts", kind, id],
    queryFn: () =>
      kind === "subject"
        ? ask(api.GET("/v1/subjects/{id}/counts", { params }))
        : ask(api.GET("/v1/creators/{id}/counts", { params })),
  });
  return (
    <>
      <h2 className="found">
        {kind === "subject" ? (
          <WorkLink id={id} />
        ) : (
          <>
            @<Name of={id} />
          </>
        )}
      </h2>
      <Answer of={counts}>{(data) => <Worth counts={data} name={`${kind}-${id}`} />}</Answer>
      <AudiencePanel key={`${kind} ${id}`} kind={kind} id={id} />
      <ReportPanel key={`report ${kind} ${id}`} kind={kind} id={id} />
      {kind === "subject" && <EvidencePanel key={id} subject={id} />}
    </>
  );
}

function Most({ open }: { open: (id: string) => void }) {
  const { words } = useSettings();
  const asked = useQuery({
    queryKey: ["top", "all", 20],
    queryFn: () => ask(api.GET("/v1/top", { params: { query: { window: "all", limit: 20 } } })),
  });
  return (
    <Panel title={words.overview.top}>
      <Answer of={asked}>
        {({ items }) =>
          items.length === 0 ? (
            <Nothing title={words.overview.no_top} />
          ) : (
            <ul className="plain">
              {items.map((item) => (
                <li key={item.subject} className="row line">
                  <Button type="link" onClick={() => open(item.subject)}>
                    <Name of={item.subject} />
                  </Button>
                  <MadeUp id={item.subject} />
                  <span className="end">
                    <Count value={item.likes} />
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </Panel>
  );
}

export default function BrandPage() {
  const { words } = useSettings();
  const t = words.brand;
  const [query, setQuery] = useSearchParams();
  const kind: Kind = query.get("kind") === "creator" ? "creator" : "subject";
  const id = query.get("id") ?? "";
  const [typed, setTyped] = useState(id);
  const open = (name: string, as: Kind = kind) => {
    setTyped(name);
    setQuery(name ? { kind: as, id: name } : {});
  };
  const send = (event: FormEvent) => {
    event.preventDefault();
    open(typed.trim());
  };
  return (
    <Page title={words.place.audience_of} lead={t.lead}>
      <Panel>
        <form className="line" onSubmit={send}>
          <Segmented<Kind>
            value={kind}
            aria-label={t.kind}
            onChange={(value) => open("", value)}
            options={(["subject", "creator"] as const).map((value) => ({ value, label: t.kinds[value] }))}
          />
          <Input
            className="grow"
            value={typed}
            maxLength={256}
            placeholder={t.name[kind]}
            aria-label={t.name[kind]}
            onChange={(event) => setTyped(event.target.value)}
          />
          <Button htmlType="submit" type="primary">
            {t.look}
          </Button>
        </form>
      </Panel>
      {id ? <Found kind={kind} id={id} /> : <Most open={(name) => open(name, "subject")} />}
    </Page>
  );
}
