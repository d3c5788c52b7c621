// Why likes of a work do not count, and what can be done about it.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router-dom";
import { api, asProblem, ask, type Schemas } from "../api/client";
import { Button, Modal, Radios, say, tell } from "../controls/controls";
import { Reasons, Standing } from "../operator/case_parts";
import "../operator/operator.css";
import { Count, Moment, Verdict } from "../parts/figures";
import { Panel } from "../parts/page";
import { Answer, Nothing } from "../parts/states";
import { useWho } from "../session/session";
import { time } from "../show/times";
import { useSettings } from "../theme/settings";

const grounds = ["genuine_likes", "fan_community", "shared_device", "attacked_by_others", "other"] as const;
type Verdicts = Schemas["SubjectVerdicts"];

function Appeal({ subject, onClose, onDone }: { subject: string | null; onClose: () => void; onDone: () => void }) {
  const { words, language, zone } = useSettings();
  const t = words.verdicts;
  const [ground, setGround] = useState<Schemas["Ground"]>("genuine_likes");
  const [busy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    try {
      const answer = await ask(api.POST("/v1/appeals", { body: { subject: subject!, ground } }));
      onClose();
      tell({ title: t.appealed, content: t.answer_by(time(answer.answer_by, language, zone)) });
      onDone();
    } catch (error) {
      const problem = asProblem(error);
      say.error(
        problem.status === 409
          ? t.appealed_already
          : words.state.not_done + (problem.detail || words.state.problem.other.title),
      );
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open={subject !== null}
      title={t.appeal}
      okText={t.appeal_send}
      cancelText={words.state.cancel}
      confirmLoading={busy}
      onCancel={onClose}
      onOk={() => void send()}
    >
      <p>{t.appeal_why}</p>
      <Radios
        value={ground}
        onChange={setGround}
        className="grounds"
        options={grounds.map((value) => ({ value, label: words.ground[value] }))}
      />
    </Modal>
  );
}

// The whole answer in one sentence, before any detail.
function Sum({ of }: { of: Verdicts }) {
  const { words } = useSettings();
  const t = words.verdicts;
  const { genuine, held, rejected } = of.likes;
  const all = genuine + held + rejected;
  return (
    <>
      <p className="sum">
        {rejected > 0
          ? t.sum_out(
              rejected,
              of.cases.filter((each) => each.standing === "confirmed").length,
              of.rules.some((rule) => rule.verdict === "rejected"),
            )
          : t.sum_none}{" "}
        {held > 0 && t.sum_held(held)}
      </p>
      <div className="split" aria-hidden>
        {all > 0 &&
          (["genuine", "held", "rejected"] as const).map(
            (kind) =>
              of.likes[kind] > 0 && <i key={kind} className={`split-${kind}`} style={{ flexGrow: of.likes[kind] }} />,
          )}
      </div>
      <ul className="plain sums">
        {(["genuine", "held", "rejected"] as const).map((kind) => (
          <li key={kind}>
            <Verdict kind={kind} />{" "}
            <strong>
              <Count value={of.likes[kind]} full />
            </strong>
          </li>
        ))}
      </ul>
    </>
  );
}

function CaseOf({ of }: { of: Verdicts["cases"][number] }) {
  const { words, language } = useSettings();
  const t = words.verdicts;
  const { staff } = useWho();
  return (
    <li className="row">
      <div className="line">
        <Standing of={of.standing} />
        <strong>{t.likes_here(of.likes)}</strong>
        <span className="soft">{t.of_group(of.accounts, of.subjects)}</span>
        <span className="end soft small">
          {t.since} <Moment at={of.changed_at} />
        </span>
      </div>
      <p className="case-words">{of.words[language]}</p>
      <details>
        <summary>{t.details}</summary>
        <Reasons of={of.reasons} />
      </details>
      {staff && <Link to={`/cases/${of.case}`}>{words.case_page.title(of.case)}</Link>}
    </li>
  );
}

export function VerdictsPanel({ subject }: { subject: string }) {
  const { words, language } = useSettings();
  const t = words.verdicts;
  const who = useWho();
  const client = useQueryClient();
  const [appealing, setAppealing] = useState<string | null>(null);
  const asked = useQuery({
    queryKey: ["verdicts", subject],
    queryFn: () => ask(api.GET("/v1/subjects/{id}/verdicts", { params: { path: { id: subject } } })),
  });
  const against = asked.data?.cases.some((each) => each.standing !== "cleared") ?? false;
  return (
    <Panel
      id="why"
      title={t.title}
      actions={
        against &&
        who.mayChange &&
        who.role !== "brand" && <Button onClick={() => setAppealing(subject)}>{t.appeal}</Button>
      }
    >
      <Answer of={asked}>
        {(data) => (
          <>
            <Sum of={data} />
            {data.cases.length + data.rules.length === 0 && <Nothing title={t.nothing}>{t.nothing_why}</Nothing>}
            <ul className="plain">
              {data.cases.map((each) => (
                <CaseOf key={each.case} of={each} />
              ))}
            </ul>
            {data.rules.length > 0 && <h3>{t.by_rules}</h3>}
            <ul className="plain">
              {data.rules.map((rule, i) => (
                <li key={i} className="row line">
                  <Verdict kind={rule.verdict} />
                  <strong>{t.likes_here(rule.likes)}</strong>
                  <span className="grow">{rule.words[language]}</span>
                  <span className="soft small">
                    <Moment at={rule.last_at} />
                  </span>
                </li>
              ))}
            </ul>
          </>
        )}
      </Answer>
      <Appeal
        subject={appealing}
        onClose={() => setAppealing(null)}
        onDone={() => void client.invalidateQueries({ queryKey: ["verdicts", subject] })}
      />
    </Panel>
  );
}
