import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, asProblem, ask, type Schemas } from "../api/client";
import { Button, Input, Modal, say, TextArea } from "../controls/controls";
import { Count, Figure, Moment, Share } from "../parts/figures";
import { Page, Panel } from "../parts/page";
import { Answer } from "../parts/states";
import { useWho } from "../session/session";
import { useSettings } from "../theme/settings";
import "./operator.css";

type Version = Schemas["RulesVersion"];
type Decision = Schemas["RulesDecision"]["decision"];

function ShadowView({ id }: { id: string }) {
  const { words } = useSettings();
  const t = words.rules;
  const asked = useQuery({
    queryKey: ["shadow", id],
    refetchInterval: 5000,
    queryFn: () => ask(api.GET("/v1/integrity/rules/{id}/shadow", { params: { path: { id } } })),
  });
  const share = (value: number | null) =>
    value === null ? <span className="soft">–</span> : <Share value={value} digits={2} />;
  return (
    <Answer of={asked}>
      {(shadow) => (
        <>
          <p className="panel-note">
            {t.shadow_why} <Moment at={shadow.since} />
          </p>
          <div className="figures">
            <Figure name={t.acts}>
              <Count value={shadow.acts} />
            </Figure>
            <Figure name={t.flagged}>
              <Count value={shadow.flagged} />
            </Figure>
            <Figure name={t.flagged_live}>
              <Count value={shadow.flagged_live} />
            </Figure>
            <Figure name={t.flagged_both}>
              <Count value={shadow.flagged_both} />
            </Figure>
            <Figure name={t.precision}>{share(shadow.precision)}</Figure>
            <Figure name={t.recall}>{share(shadow.recall)}</Figure>
          </div>
          <div className="scroll-x" tabIndex={0} role="region" aria-label={t.by_rule}>
            <table className="plain-table">
              <thead>
                <tr>
                  <th>{t.rule}</th>
                  <th className="number">{t.matched}</th>
                  <th className="number">{t.matched_live}</th>
                  <th className="number">{t.precision}</th>
                  <th className="number">{t.recall}</th>
                </tr>
              </thead>
              <tbody>
                {shadow.rules.map((rule) => (
                  <tr key={rule.rule}>
                    <td className="mono">{rule.rule}</td>
                    <td className="number">
                      <Count value={rule.matched} />
                    </td>
                    <td className="number">
                      <Count value={rule.matched_live} />
                    </td>
                    <td className="number">{share(rule.precision)}</td>
                    <td className="number">{share(rule.recall)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </Answer>
  );
}

function TextOf({ id }: { id: string }) {
  const { words } = useSettings();
  const asked = useQuery({
    queryKey: ["ruleset", id],
    queryFn: () => ask(api.GET("/v1/integrity/rules/{id}", { params: { path: { id } } })),
    staleTime: Infinity,
  });
  return (
    <Answer of={asked}>
      {(rules) => (
        <>
          <p className="panel-note">{words.rules.has(rules.rules.length, rules.cost)}</p>
          {rules.problems.map((text) => (
            <p key={text} className="problem">
              {text}
            </p>
          ))}
          <pre className="rule-text" tabIndex={0} role="region" aria-label={words.rules.text}>
            {rules.text}
          </pre>
        </>
      )}
    </Answer>
  );
}

// A decision about a version, with its reason: nothing is done without one.
function useDecide(onDone: () => void) {
  const { words } = useSettings();
  const t = words.rules;
  const [asking, setAsking] = useState<{ id: string; decision: Decision } | null>(null);
  const [why, setWhy] = useState("");
  const send = async () => {
    try {
      await ask(
        api.POST("/v1/integrity/rules/{id}/decision", {
          params: { path: { id: asking!.id } },
          body: { decision: asking!.decision, why },
        }),
      );
      setAsking(null);
      setWhy("");
      onDone();
    } catch (error) {
      say.error(words.state.not_done + (asProblem(error).detail || words.state.problem.other.title));
    }
  };
  const dialog = (
    <Modal
      open={asking !== null}
      title={asking ? t.decision[asking.decision] : ""}
      okText={asking ? t.decision[asking.decision] : ""}
      cancelText={words.state.cancel}
      okButtonProps={{ disabled: !why.trim() }}
      onCancel={() => setAsking(null)}
      onOk={() => void send()}
    >
      <label className="field">
        {t.why}
        <Input value={why} maxLength={500} onChange={(event) => setWhy(event.target.value)} />
      </label>
    </Modal>
  );
  return { dialog, decide: (id: string, decision: Decision) => setAsking({ id, decision }) };
}

function NewRules({ onDone }: { onDone: () => void }) {
  const { words } = useSettings();
  const t = words.rules;
  const [open, setOpen] = useState(false);
  const [form, setForm] = useState({ text: "", why: "" });
  const [problem, setProblem] = useState("");
  const send = async () => {
    setProblem("");
    try {
      const added = await ask(api.POST("/v1/integrity/rules", { body: form }));
      say.success(t.added(added.rules, added.tests));
      setOpen(false);
      onDone();
    } catch (error) {
      setProblem(asProblem(error).detail || words.state.problem.other.title);
    }
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t.add}</Button>
      <Modal
        open={open}
        width={760}
        title={t.add}
        okText={t.add}
        cancelText={words.state.cancel}
        onCancel={() => setOpen(false)}
        onOk={() => void send()}
        okButtonProps={{ disabled: !form.text.trim() || !form.why.trim() }}
      >
        <p>{t.add_why}</p>
        <label className="field">
          {t.text}
          <TextArea
            className="segment-text mono"
            rows={14}
            spellCheck={false}
            value={form.text}
            onChange={(event) => setForm({ ...form, text: event.target.value })}
          />
        </label>
        <label className="field">
          {t.why}
          <Input value={form.why} maxLength={500} onChange={(event) => setForm({ ...form, why: event.target.value })} />
        </label>
        <p className="problem mono" role="alert">
          {problem}
        </p>
      </Modal>
    </>
  );
}

function VersionRow({ version, decide }: { version: Version; decide: (id: string, decision: Decision) => void }) {
  const { words } = useSettings();
  const t = words.rules;
  const who = useWho();
  const [open, setOpen] = useState<"" | "text" | "shadow">("");
  const toggle = (what: "text" | "shadow") => setOpen(open === what ? "" : what);
  return (
    <li className="row">
      <div className="line">
        <span className="mono">{version.id.slice(0, 12)}</span>
        {version.active && <span className="verdict verdict-genuine">{t.active}</span>}
        {version.shadow && <span className="verdict verdict-held">{t.shadow}</span>}
        <span className="grow">
          {version.why}{" "}
          <span className="soft">
            · {version.by}
            {version.at && (
              <>
                {" "}
                · <Moment at={version.at} />
              </>
            )}
          </span>
        </span>
        <Button size="small" aria-expanded={open === "text"} onClick={() => toggle("text")}>
          {t.text}
        </Button>
        {version.shadow && (
          <Button size="small" aria-expanded={open === "shadow"} onClick={() => toggle("shadow")}>
            {t.compare}
          </Button>
        )}
        {who.mayChange && (
          <>
            {!version.active && (
              <Button size="small" onClick={() => decide(version.id, version.shadow ? "unshadow" : "shadow")}>
                {t.decision[version.shadow ? "unshadow" : "shadow"]}
              </Button>
            )}
            {!version.active && (
              <Button size="small" type="primary" onClick={() => decide(version.id, "activate")}>
                {t.decision.activate}
              </Button>
            )}
          </>
        )}
      </div>
      {open === "text" && <TextOf id={version.id} />}
      {open === "shadow" && <ShadowView id={version.id} />}
    </li>
  );
}

export default function RulesPage() {
  const { words } = useSettings();
  const t = words.rules;
  const who = useWho();
  const asked = useQuery({ queryKey: ["rules"], queryFn: () => ask(api.GET("/v1/integrity/rules")) });
  const { dialog, decide } = useDecide(() => void asked.refetch());
  return (
    <Page
      title={words.place.rules}
      lead={t.lead}
      actions={who.mayChange && <NewRules onDone={() => void asked.refetch()} />}
    >
      <Answer of={asked}>
        {(rules) => (
          <>
            {rules.trouble && (
              <p className="problem" role="alert">
                {rules.trouble}
              </p>
            )}
            <Panel title={t.versions}>
              <ul className="plain">
                {rules.versions.map((version) => (
                  <VersionRow key={version.id} version={version} decide={decide} />
                ))}
              </ul>
            </Panel>
            <Panel title={t.history}>
              {rules.history.length === 0 ? (
                <p className="soft">{t.no_history}</p>
              ) : (
                <ol className="plain timeline">
                  {rules.history.map((each, i) => (
                    <li key={i}>
                      <span className="soft small">
                        <Moment at={each.at} form="precise" />
                      </span>
                      <span>
                        {t.change[each.change]} <span className="mono">{each.id.slice(0, 12)}</span> · {each.why} ·{" "}
                        {each.by}
                      </span>
                    </li>
                  ))}
                </ol>
              )}
            </Panel>
          </>
        )}
      </Answer>
      {dialog}
    </Page>
  );
}
