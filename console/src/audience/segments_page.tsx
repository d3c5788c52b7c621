import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link, useSearchParams } from "react-router-dom";
import { api, asProblem, ask, type Schemas } from "../api/client";
import { Button, Input, Modal, say, Select, Switch, TextArea } from "../controls/controls";
import { Count, Moment, Name } from "../parts/figures";
import { Page, Panel } from "../parts/page";
import { Rows } from "../parts/rows";
import { Answer, Loading, Nothing } from "../parts/states";
import { useWho } from "../session/session";
import { useSettings } from "../theme/settings";
import "./audience.css";
import { useCatalogue } from "./catalogue";
import { OverlapPanel } from "./overlap";
import { Portrait } from "./portrait";
import { SegmentForm } from "./segment_form";
import { SuggestPanel } from "./suggest";
import { useSegment } from "./use_segment";
import { WhyPanel } from "./why";

type Info = Schemas["SegmentInfo"];
type Draft = ReturnType<typeof useSegment>;

// How many: the number, what it is worth, or why there is none.
function Size({ of }: { of: Draft }) {
  const { words } = useSettings();
  const t = words.segments;
  const { size, mistake } = of;
  if (size.error) {
    const problem = asProblem(size.error);
    return (
      <div aria-live="polite">
        <p className="segment-size soft">–</p>
        <p className={problem.code === "refused" ? "soft" : "problem"}>
          {problem.detail || words.state.problem.other.title}
        </p>
      </div>
    );
  }
  return (
    <div aria-live="polite">
      {size.data ? (
        <p className="segment-size">
          <Count value={size.data.count} full /> <small className="soft">{t.people}</small>
        </p>
      ) : (
        <Loading rows={1} />
      )}
      {size.data && (
        <p className="soft">
          {size.data.exact ? words.portrait.exactly : words.portrait.within(size.data.within)} · {t.as_of}{" "}
          <Moment at={size.data.as_of} />
        </p>
      )}
      {mistake && <p className="problem">{t.mistake(mistake.line, mistake.column, mistake.expected)}</p>}
    </div>
  );
}

interface SaveForm {
  name: string;
  why: string;
  refresh: Info["refresh"];
  watched: boolean;
}

function SaveFields({ form, setForm }: { form: SaveForm; setForm: (form: SaveForm) => void }) {
  const t = useSettings().words.segments;
  return (
    <>
      <label className="field">
        {t.name}
        <Input value={form.name} maxLength={128} onChange={(event) => setForm({ ...form, name: event.target.value })} />
      </label>
      <label className="field">
        {t.why}
        <Input value={form.why} maxLength={500} onChange={(event) => setForm({ ...form, why: event.target.value })} />
      </label>
      <label className="field">
        {t.refresh}
        <Select
          value={form.refresh}
          onChange={(refresh) => setForm({ ...form, refresh })}
          aria-label={t.refresh}
          options={(["none", "hourly", "daily"] as const).map((value) => ({ value, label: t.refreshes[value] }))}
        />
      </label>
      <label className="line watch">
        <Switch checked={form.watched} onChange={(watched) => setForm({ ...form, watched })} aria-label={t.watch} />
        <span className="grow">{t.watch}</span>
      </label>
    </>
  );
}

function Save({ of, current, onSaved }: { of: Draft; current: Info | null; onSaved: (saved: Info) => void }) {
  const { words } = useSettings();
  const t = words.segments;
  const [open, setOpen] = useState(false);
  const [form, setForm] = useState<SaveForm>({ name: "", why: "", refresh: "none", watched: false });
  const send = async () => {
    const body = {
      ...form,
      expression: of.text,
      purpose: of.purpose,
    };
    try {
      const saved =
        current && current.name === form.name
          ? await ask(
              api.PUT("/v1/segments/{id}", {
                params: { path: { id: current.id } },
                body: { ...body, version: current.version },
              }),
            )
          : await ask(api.POST("/v1/segments", { body }));
      setOpen(false);
      say.success(t.saved(saved.version));
      onSaved(saved);
    } catch (error) {
      say.error(words.state.not_done + (asProblem(error).detail || words.state.problem.other.title));
    }
  };
  const start = () => {
    setForm({
      name: current?.name ?? "",
      why: "",
      refresh: current?.refresh ?? "none",
      watched: current?.watched ?? false,
    });
    setOpen(true);
  };
  return (
    <>
      <Button type="primary" disabled={!of.size.data || of.size.isError} onClick={start}>
        {t.save}
      </Button>
      <Modal
        open={open}
        title={t.save}
        okText={t.save}
        cancelText={words.state.cancel}
        onCancel={() => setOpen(false)}
        onOk={() => void send()}
        okButtonProps={{ disabled: !form.name.trim() || !form.why.trim() }}
      >
        <SaveFields form={form} setForm={setForm} />
        {current && current.name === form.name && <p className="soft">{t.new_version(current.version + 1)}</p>}
      </Modal>
    </>
  );
}

function Saved() {
  const { words } = useSettings();
  const t = words.segments;
  return (
    <Panel title={t.saved_title}>
      <Rows
        label={t.saved_title}
        what={["segments"]}
        height={74}
        page={async (cursor) => {
          const page = await ask(api.GET("/v1/segments", { params: { query: { limit: 50, cursor } } }));
          return { items: page.segments, next: page.next };
        }}
        keyOf={(item) => item.id}
        empty={<Nothing title={t.none_saved}>{t.none_saved_why}</Nothing>}
        row={(item) => (
          <div>
            <div className="line">
              <Link to={`/segments/${item.id}`}>
                <strong>
                  <Name of={item.name} />
                </strong>
              </Link>
              <span className="soft">
                {t.version(item.version)} · {t.state[item.state]} · {item.purpose}
                {item.watched && ` · ${words.segment_page.watched}`}
              </span>
              <span className="end">
                {item.measured && (item.measured.size === null ? t.too_few : <Count value={item.measured.size} />)}
              </span>
            </div>
            <p className="clamp mono soft">{item.expression}</p>
            {item.trouble && <p className="problem">{item.trouble}</p>}
          </div>
        )}
      />
    </Panel>
  );
}

function WhoTheyAre({ of: segment }: { of: Draft }) {
  const { words } = useSettings();
  const t = words.segments;
  const tooFew = segment.composition.error && asProblem(segment.composition.error).code === "refused";
  return (
    <Panel title={t.composition} note={words.portrait.why}>
      {tooFew || segment.size.error ? (
        <Nothing title={words.portrait.too_few}>{words.portrait.too_few_why}</Nothing>
      ) : (
        <Answer of={segment.composition}>{(data) => <Portrait of={data} name="segment" />}</Answer>
      )}
    </Panel>
  );
}

function PurposePick({ of: segment, purposes }: { of: Draft; purposes: Schemas["Tags"]["purposes"] }) {
  const { words, language } = useSettings();
  const t = words.segments;
  return (
    <Select
      value={segment.purpose}
      aria-label={t.purpose}
      onChange={segment.setPurpose}
      options={purposes.map((each) => ({ value: each.purpose, label: each[language] }))}
      className="purpose"
    />
  );
}

// A saved segment that the address names, to make a new version of.
function useOpened(id: string | null, { setText, setPurpose }: Draft, take: (info: Info) => void) {
  useEffect(() => {
    if (!id) return;
    ask(api.GET("/v1/segments/{id}", { params: { path: { id } } }))
      .then((info) => {
        take(info);
        setText(info.expression);
        setPurpose(info.purpose);
      })
      .catch((error: unknown) => say.error(asProblem(error).detail || asProblem(error).message));
  }, [id, setText, setPurpose, take]);
}

function Builder({ tags }: { tags: Schemas["Tags"] }) {
  const t = useSettings().words.segments;
  const who = useWho();
  const client = useQueryClient();
  const [query] = useSearchParams();
  const segment = useSegment(query.get("text") ?? "count(like, last 30d) >= 1");
  const [current, setCurrent] = useState<Info | null>(null);
  const usable = tags.tags.filter((tag) => tag.purposes.includes(segment.purpose));
  useOpened(query.get("open"), segment, setCurrent);
  return (
    <>
      <div className="builder">
        <Panel
          title={current ? <Name of={current.name} /> : t.new}
          actions={
            <>
              <PurposePick of={segment} purposes={tags.purposes} />
              {who.staff && who.mayChange && (
                <Save
                  of={segment}
                  current={current}
                  onSaved={(saved) => {
                    setCurrent(saved);
                    void client.invalidateQueries({ queryKey: ["rows", "segments"] });
                  }}
                />
              )}
            </>
          }
        >
          {segment.tree ? (
            <SegmentForm of={segment.tree} tags={usable} change={segment.setTree} />
          ) : (
            <p className="soft">{t.form_waits}</p>
          )}
          <label className="field">
            {t.text}
            <TextArea
              className="segment-text"
              value={segment.text}
              rows={4}
              spellCheck={false}
              onChange={(event) => segment.setText(event.target.value)}
            />
          </label>
          <p className="soft small">
            {t.least(tags.purposes.find((each) => each.purpose === segment.purpose)?.least_people ?? 0)}
          </p>
        </Panel>
        <div>
          <Panel title={t.how_many}>
            <Size of={segment} />
          </Panel>
          <SuggestPanel take={(expression) => segment.setText(expression)} />
        </div>
      </div>
      <WhoTheyAre of={segment} />
      <OverlapPanel expression={segment.settled} purpose={segment.purpose} />
      {who.role === "operator" && <WhyPanel expression={segment.settled} purpose={segment.purpose} />}
      {who.staff && <Saved />}
    </>
  );
}

export default function SegmentsPage() {
  const { words } = useSettings();
  const catalogue = useCatalogue();
  return (
    <Page title={words.place.segments} lead={words.segments.lead}>
      <Answer of={catalogue} rows={10}>
        {(tags) => <Builder tags={tags} />}
      </Answer>
    </Page>
  );
}
