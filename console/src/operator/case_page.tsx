import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "react-router-dom";
import { api, asProblem, ask, type Schemas } from "../api/client";
import { Button, Input, Modal, PickMany, say, TextArea } from "../controls/controls";
import { Count, Figure, Moment, Name, WorkLink } from "../parts/figures";
import { Facts, Page, Panel } from "../parts/page";
import { Answer } from "../parts/states";
import { useWho } from "../session/session";
import { exact } from "../show/numbers";
import { useSettings } from "../theme/settings";
import { CaseChart } from "./case_chart";
import { fetchGroup } from "./case_graph";
import { Reasons, Standing } from "./case_parts";
import "./operator.css";

type Decision = "confirm" | "overturn";

interface SomeProps {
  label: string;
  of: string[];
  value: string[];
  change: (names: string[]) => void;
}

function Some({ label, of, value, change }: SomeProps) {
  const t = useSettings().words.case_page;
  return (
    <label className="field">
      {label}
      <PickMany
        value={value}
        onChange={change}
        aria-label={label}
        placeholder={t.all_of_them}
        choices={of.map((name) => ({ value: name, label: name }))}
      />
    </label>
  );
}

// Confirms or overturns, the whole case or only for some accounts and works; the rest of it is then confirmed.
function Decide({ of, onDone }: { of: Schemas["Case"]; onDone: () => void }) {
  const { words } = useSettings();
  const t = words.case_page;
  const [decision, setDecision] = useState<Decision | null>(null);
  const [note, setNote] = useState("");
  const [users, setUsers] = useState<string[]>([]);
  const [subjects, setSubjects] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    try {
      const some =
        decision === "overturn" ? { ...(users.length ? { users } : {}), ...(subjects.length ? { subjects } : {}) } : {};
      await ask(
        api.POST("/v1/cases/{id}/decision", {
          params: { path: { id: of.case } },
          body: { decision: decision!, note, ...some },
        }),
      );
      say.success(t.decided);
      setDecision(null);
      setNote("");
      onDone();
    } catch (error) {
      say.error(words.state.not_done + (asProblem(error).detail || words.state.problem.other.title));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="line">
      <Button onClick={() => setDecision("confirm")}>{t.confirm}</Button>
      <Button danger onClick={() => setDecision("overturn")}>
        {t.overturn}
      </Button>
      <Modal
        open={decision !== null}
        title={decision === "overturn" ? t.overturn : t.confirm}
        confirmLoading={busy}
        okText={decision === "overturn" ? t.overturn : t.confirm}
        cancelText={words.state.cancel}
        onCancel={() => setDecision(null)}
        onOk={() => void send()}
      >
        <p>{decision === "overturn" ? t.overturn_why : t.confirm_why}</p>
        {decision === "overturn" && (
          <>
            <Some label={t.only_accounts} of={of.members} value={users} change={setUsers} />
            <Some label={t.only_works} of={of.targets} value={subjects} change={setSubjects} />
          </>
        )}
        <label className="field">
          {t.note}
          <TextArea value={note} rows={3} maxLength={1000} onChange={(event) => setNote(event.target.value)} />
        </label>
      </Modal>
    </div>
  );
}

function Assign({ of, onDone }: { of: Schemas["Case"]; onDone: () => void }) {
  const { words } = useSettings();
  const t = words.case_page;
  const [name, setName] = useState("");
  const send = async (assignee: string | null) => {
    try {
      await ask(api.PUT("/v1/cases/{id}/assignee", { params: { path: { id: of.case } }, body: { assignee } }));
      setName("");
      onDone();
    } catch (error) {
      say.error(words.state.not_done + (asProblem(error).detail || words.state.problem.other.title));
    }
  };
  if (of.assignee !== null) {
    return (
      <div className="line">
        <span>{words.cases.assigned(of.assignee)}</span>
        <Button size="small" onClick={() => void send(null)}>
          {t.unassign}
        </Button>
      </div>
    );
  }
  return (
    <div className="line">
      <Input
        className="assignee"
        value={name}
        placeholder={t.assignee}
        aria-label={t.assignee}
        onChange={(event) => setName(event.target.value)}
        onPressEnter={() => name.trim() && void send(name.trim())}
      />
      <Button disabled={!name.trim()} onClick={() => void send(name.trim())}>
        {t.assign}
      </Button>
    </div>
  );
}

function Timeline({ of }: { of: Schemas["Case"] }) {
  const { words } = useSettings();
  const t = words.case_page;
  return (
    <ol className="plain timeline">
      {of.timeline.map((event, i) => (
        <li key={i}>
          <span className="soft small">
            <Moment at={event.at} form="precise" />
          </span>
          <span>
            {t.event[event.event]}
            {event.who !== "detectors" && ` · ${t.by[event.who]}${event.name ? ` ${event.name}` : ""}`}
            {event.to && ` → ${event.to}`}
          </span>
        </li>
      ))}
    </ol>
  );
}

function Measures({ of }: { of: Schemas["CaseMeasures"] }) {
  const { words, language } = useSettings();
  const names = Object.keys(of) as (keyof Schemas["CaseMeasures"])[];
  return <Facts of={names.map((name) => [words.measure[name], of[name] === null ? "–" : exact(of[name], language)])} />;
}

function Head({ of, again }: { of: Schemas["Case"]; again: () => void }) {
  const { words, language } = useSettings();
  const t = words.case_page;
  const who = useWho();
  return (
    <Panel>
      <div className="line case-head">
        <Standing of={of.standing} />
        <span className="soft">{t.decided_by[of.decided_by ?? "none"]}</span>
        <a className="end" href={`/v1/cases/${of.case}/export`} download={`${of.case}.json`}>
          {t.hand_out}
        </a>
      </div>
      <p className="case-words">{of.words[language]}</p>
      <div className="figures">
        <Figure name={t.accounts}>
          <Count value={of.accounts} />
        </Figure>
        <Figure name={t.works}>
          <Count value={of.subjects} />
        </Figure>
        <Figure name={t.likes}>
          <Count value={of.likes} />
        </Figure>
        <Figure name={t.chance} note={t.chance_why}>
          {of.chance_log10 === null ? (
            "–"
          ) : (
            <>
              10<sup title={exact(of.chance_log10, language)}>{Math.ceil(of.chance_log10)}</sup>
            </>
          )}
        </Figure>
        <Figure name={words.cases.points} note={t.points_why}>
          {of.points === null ? "–" : exact(of.points, language)}
        </Figure>
      </div>
      {who.mayChange && who.staff && (
        <div className="line case-acts">
          <Decide of={of} onDone={again} />
          <Assign of={of} onDone={again} />
        </div>
      )}
    </Panel>
  );
}

function Notes({ of }: { of: Schemas["Case"] }) {
  const { words } = useSettings();
  const t = words.case_page;
  return (
    <Panel title={t.notes}>
      <ul className="plain">
        {of.notes.map((each, i) => (
          <li key={i} className="row">
            <span className="soft small">
              <Moment at={each.at} />
            </span>{" "}
            {t.note_kind[each.kind]}
            {"decision" in each && (
              <>
                {" "}
                · <strong>{t[each.decision]}</strong> · <Name of={each.by} />
                {each.note && <> – {each.note}</>}
              </>
            )}
            {"ground" in each && (
              <>
                {" "}
                · {words.ground[each.ground]} ·{" "}
                {each.open ? (
                  <>
                    {t.answer_by} <Moment at={each.answer_by} />
                  </>
                ) : (
                  t.answered
                )}
              </>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Found({ of, again }: { of: Schemas["Case"]; again: () => void }) {
  const { words } = useSettings();
  const t = words.case_page;
  const group = useQuery({
    queryKey: ["case-graph", of.case, of.likes],
    queryFn: () => fetchGroup(of.case),
    staleTime: 60_000,
  });
  return (
    <>
      <Head of={of} again={again} />
      <Panel title={t.graph}>
        <Answer of={group} rows={8}>
          {(data) => <CaseChart group={data} />}
        </Answer>
      </Panel>
      <div className="columns">
        <Panel title={words.cases.reasons} note={t.reasons_why}>
          <Reasons of={of.reasons} />
        </Panel>
        <Panel title={t.timeline}>
          <Timeline of={of} />
        </Panel>
      </div>
      <Panel title={t.works}>
        <p className="names">
          {of.targets.map((id) => (
            <WorkLink key={id} id={id} />
          ))}
        </p>
      </Panel>
      {of.notes.length > 0 && <Notes of={of} />}
      <Panel title={t.measures} note={t.measures_why}>
        <Measures of={of.measures} />
      </Panel>
    </>
  );
}

export default function CasePage() {
  const { words } = useSettings();
  const { id = "" } = useParams();
  const client = useQueryClient();
  const asked = useQuery({
    queryKey: ["case", id],
    queryFn: () => ask(api.GET("/v1/cases/{id}", { params: { path: { id } } })),
    refetchInterval: 3000,
  });
  const again = () => {
    void asked.refetch();
    void client.invalidateQueries({ queryKey: ["rows", "cases"] });
  };
  return (
    <Page title={words.case_page.title(id)} lead={<Link to="/cases">{words.place.cases}</Link>}>
      <Answer of={asked} rows={10}>
        {(data) => <Found of={data} again={again} />}
      </Answer>
    </Page>
  );
}
