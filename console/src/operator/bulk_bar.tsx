// What may be done with the cases that are picked: decided alike, with one note; and what became of each.

import { CheckOutlined, CloseOutlined } from "@ant-design/icons";
import { Button, Input, Modal, Progress } from "antd";
import { useRef, useState } from "react";
import { Link } from "react-router-dom";
import { useSettings, useWords } from "../theme/settings";
import { decideAll, type Decision, type Outcome } from "./bulk";

function Outcomes({ of }: { of: Outcome[] }) {
  const t = useWords().bulk;
  const refused = of.filter((one) => one.problem !== null);
  return (
    <div aria-live="polite">
      <p>
        <span className="step-done">
          <CheckOutlined aria-hidden />
        </span>{" "}
        {t.noted(of.length - refused.length)}
        {refused.length > 0 && (
          <>
            {" · "}
            <span className="step-failed">
              <CloseOutlined aria-hidden />
            </span>{" "}
            {t.refused(refused.length)}
          </>
        )}
      </p>
      <ul className="plain outcomes" tabIndex={0} aria-label={t.outcomes}>
        {[...refused, ...of.filter((one) => one.problem === null)].map((one) => (
          <li key={one.case} className="line">
            <Link to={`/cases/${one.case}`} className="mono">
              {one.case}
            </Link>
            <span className={one.problem === null ? "soft" : "problem"}>{one.problem ?? t.done}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface Props {
  picked: string[];
  // The cases that stay picked.
  keep: (cases: string[]) => void;
  onDecided: () => void;
}

export function BulkBar({ picked, keep, onDecided }: Props) {
  const { words } = useSettings();
  const t = words.bulk;
  const [decision, setDecision] = useState<Decision | null>(null);
  const [note, setNote] = useState("");
  const [sent, setSent] = useState<string[] | null>(null);
  const [outcomes, setOutcomes] = useState<Outcome[]>([]);
  const [busy, setBusy] = useState(false);
  const stopped = useRef(false);
  const start = (what: Decision) => {
    setDecision(what);
    setNote("");
    setSent(null);
    setOutcomes([]);
  };
  const send = async () => {
    stopped.current = false;
    setBusy(true);
    setSent(picked);
    const all = await decideAll(picked, decision!, note.trim(), setOutcomes, () => stopped.current);
    setBusy(false);
    const done = new Set(all.filter((one) => one.problem === null).map((one) => one.case));
    keep(picked.filter((id) => !done.has(id)));
    onDecided();
  };
  const close = () => {
    stopped.current = true;
    setDecision(null);
  };
  const name = decision === "overturn" ? words.case_page.overturn : words.case_page.confirm;
  return (
    <div className="bulk-bar line" role="region" aria-label={t.bar}>
      <strong aria-live="polite">{t.picked(picked.length)}</strong>
      <Button disabled={picked.length === 0} onClick={() => start("confirm")}>
        {words.case_page.confirm}
      </Button>
      <Button danger disabled={picked.length === 0} onClick={() => start("overturn")}>
        {words.case_page.overturn}
      </Button>
      <Button type="text" disabled={picked.length === 0} onClick={() => keep([])}>
        {t.none}
      </Button>
      <span className="soft small bulk-keys">{t.keys}</span>
      <Modal
        open={decision !== null}
        title={t.title(name, (sent ?? picked).length)}
        okText={name}
        cancelText={sent === null ? words.state.cancel : busy ? t.stop : words.state.close}
        okButtonProps={{ danger: decision === "overturn", className: sent === null ? "" : "gone" }}
        confirmLoading={busy}
        onCancel={busy ? () => (stopped.current = true) : close}
        onOk={() => void send()}
      >
        {sent === null ? (
          <>
            <p>{decision === "overturn" ? t.overturn_why : t.confirm_why}</p>
            <label className="field">
              {words.case_page.note}
              <Input.TextArea
                value={note}
                rows={3}
                maxLength={1000}
                onChange={(event) => setNote(event.target.value)}
              />
            </label>
          </>
        ) : (
          <>
            <Progress
              percent={Math.floor((outcomes.length / sent.length) * 100)}
              status={busy ? "active" : outcomes.length < sent.length ? "exception" : "normal"}
              aria-label={t.progress}
            />
            <Outcomes of={outcomes} />
          </>
        )}
      </Modal>
    </div>
  );
}
