// A receipt with what this browser found out about it, step by step.

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { formatTime, steps, toHex, type Report, type Step } from "zan-verify";
import { words as verifyWords } from "zan-verify-words";
import { Button, Drawer } from "../controls/controls";
import { CheckOutlined, CloseOutlined, DownloadOutlined, MinusOutlined } from "../controls/signs";
import { Answer } from "../parts/states";
import { Facts } from "../parts/page";
import { Moment, Name, Verdict } from "../parts/figures";
import { useSettings, useWords } from "../theme/settings";
import type { Words } from "../words/words";
import { checkedReceipt, type Checked } from "./receipt";

function download(text: string, name: string) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
}

function StepLine({ step, report }: { step: Step; report: Report }) {
  const { words: all, language } = useSettings();
  const words = all.receipt;
  const done = report.done.includes(step);
  const failed = report.failed === step;
  const name = step === "person" && report.receipt && !report.receipt.identity ? "person_none" : step;
  return (
    <li className={`step ${done ? "step-done" : failed ? "step-failed" : "step-waiting"}`}>
      <span aria-hidden>{done ? <CheckOutlined /> : failed ? <CloseOutlined /> : <MinusOutlined />}</span>
      <span>
        {words.step[name]}
        {!done && <span className="unseen"> {failed ? words.failed : words.not_reached}</span>}
        {failed && report.refusal && (
          <span className="soft small">
            {" "}
            {verifyWords[language].reason[report.refusal.code]?.(report.refusal.details)}
          </span>
        )}
      </span>
    </li>
  );
}

function rows(report: Report, words: Words): [string, ReactNode][] {
  const { event, identity, index } = report.receipt!;
  const t = words.receipt;
  const all: [string, ReactNode][] = [
    [t.what, t.type[event.type as keyof typeof t.type] ?? event.type],
    [t.on, <Name key="on" of={event.subject || event.creator} />],
    [t.who, identity ? <Name key="who" of={identity.user} /> : t.nobody_named],
    [t.at, <Moment key="at" at={formatTime(event.at)} form="precise" />],
    [t.received, <Moment key="received" at={formatTime(event.received)} form="precise" />],
    [t.judged, <Verdict key="verdict" kind={event.verdict} />],
    [t.counts, event.changed ? t.yes : t.superseded],
    [t.number, String(event.number)],
  ];
  if (report.checkpoint) {
    all.push([t.entry, t.entry_of(String(index), String(report.checkpoint.size))]);
    all.push([t.log, <Name key="log" of={report.checkpoint.origin} />]);
  }
  return all;
}

function Way({ report }: { report: Report }) {
  const t = useWords().receipt;
  const line = (name: string, hash: Uint8Array, key: string) => (
    <li key={key}>
      <span className="soft small">{name}</span>
      <span className="hash">{toHex(hash)}</span>
    </li>
  );
  return (
    <details className="way">
      <summary>{t.way(report.way!.length)}</summary>
      <p className="soft small">{t.way_why}</p>
      <ol className="plain">
        {line(t.leaf, report.leaf!, "leaf")}
        {report.way!.map((step, i) => line(t.joined[step.side], step.hash, String(i)))}
        {line(t.root, report.root!, "root")}
        {line(t.signed_root, report.checkpoint!.root, "signed")}
      </ol>
    </details>
  );
}

export function CheckedView({ checked }: { checked: Checked }) {
  const { words, language } = useSettings();
  const t = words.receipt;
  const { report } = checked;
  if (!report) {
    const why = checked.unable === "no_ed25519" ? "no_ed25519" : "no_secure_context";
    return <p role="alert">{verifyWords[language].unable_reason[why]}</p>;
  }
  const proven = report.state === "proven";
  return (
    <div className="receipt" data-state={report.state}>
      <p className={`receipt-state ${proven ? "receipt-proven" : "receipt-refused"}`} role="status">
        <span aria-hidden>{proven ? <CheckOutlined /> : <CloseOutlined />}</span>
        <span>
          <strong>{proven ? t.proven : t.refused}</strong>{" "}
          {proven &&
            report.receipt &&
            report.checkpoint &&
            t.proven_words(String(report.receipt.index), String(report.checkpoint.size))}
        </span>
      </p>
      <ol className="plain steps">
        {steps.map((step) => (
          <StepLine key={step} step={step} report={report} />
        ))}
      </ol>
      {report.receipt && <Facts of={rows(report, words)} />}
      {report.root && report.way && <Way report={report} />}
      <p className="soft small">{t.limits}</p>
      <p className="line">
        <Button
          size="small"
          icon={<DownloadOutlined />}
          onClick={() => download(checked.text, `receipt-${report.receipt?.event.number ?? ""}.json`)}
        >
          {t.download}
        </Button>
        <a href="/verify" target="_blank" rel="noreferrer">
          {t.elsewhere}
        </a>
      </p>
    </div>
  );
}

export function ReceiptView({ id, user }: { id: string; user: string | null }) {
  const asked = useQuery({
    queryKey: ["receipt", id, user],
    queryFn: ({ signal }) => checkedReceipt(id, user, signal),
    staleTime: Infinity,
  });
  return (
    <Answer of={asked} rows={6}>
      {(checked) => <CheckedView checked={checked} />}
    </Answer>
  );
}

export function ReceiptDrawer({ id, user, onClose }: { id: string | null; user: string | null; onClose: () => void }) {
  const { words } = useSettings();
  return (
    <Drawer
      open={id !== null}
      onClose={onClose}
      width={560}
      title={words.receipt.title}
    >
      {id !== null && <ReceiptView id={id} user={user} />}
    </Drawer>
  );
}
