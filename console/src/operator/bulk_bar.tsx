// What may be done with the cases that are picked: decided alike, with one note; and what became of each.

import { useRef, useState } from "react";
import { Link } from "react-router-dom";
import { Button, Modal, Progress, TextArea } from "../controls/controls";
import { CheckOutlined, CloseOutlined } from "../controls/signs";
import { useSettings, useWords } from "../theme/settings";
import { decideAll, type Decision, type Outcome } from "./bulk";

function Outcomes({ of }: { of: Outcome[] }) {
  const t = useWords().bulk;
  const refused = of.filter((one) => one.problem !== null);
  return (
    <div aria-live="polite">
      <p>
        <span className="step-done">
          <CheckOutlined />
        </span>{" "}
        {t.noted(of.length - refused.length)}
        {refused.length > 0 && (
          <>
            {" · "}
            <span className="step-failed">
              <CloseOutlined />
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

interface DecideProps {
  decision: Decision;
  picked: string[];
  // The cases that stay picked.
  keep: (cases: string[]) => void;
  onDecided: () => void;
  close: () => void;
}

// First the note, then what becomes of each; what was not done stays picked.
function DecideMany({ decision, picked, keep, onDecided, close }: DecideProps) {
  const { words } = useSettings();
  const t = words.bulk;
  const [note, setNote] = useState("");
  const [sent, setSent] = useState<string[] | null>(null);
  const [outcomes, setOutcomes] = useState<Outcome[]>([]);
  const [busy, setBusy] = useState(false);
  const stopped = useRef(false);
  const stop = () => (stopped.current = true);
  const send = async () => {
    setBusy(true);
    setSent(picked);
    const all = await decideAll(picked, decision, note.trim(), setOutcomes, () => stopped.current);
    setBusy(false);
    const done = new Set(all.filter((one) => one.problem === null).map((one) => one.case));
    keep(picked.filter((id) => !done.has(id)));
    onDecided();
  };
  const name = words.case_page[decision];
  return (
    <Modal
      open
      title={t.title(name, (sent ?? picked).length)}
      okText={name}
      cancelText={sent === null ? words.state.cancel : busy ? t.stop : words.state.close}
      okButtonProps={{ danger: decision === "overturn", className: sent === null ? "" : "gone" }}
      confirmLoading={busy}
      onCancel={busy ? stop : close}
      onOk={() => void send()}
    >
      {sent === null ? (
        <>
          <p>{decision === "overturn" ? t.overturn_why : t.confirm_why}</p>
          <label className="field">
            {words.case_page.note}
            <TextArea value={note} rows={3} maxLength={1000} onChange={(event) => setNote(event.target.value)} />
          </label>
        </>
      ) : (
        <>
          <Progress
            percent={Math.floor((outcomes.length / sent.length) * 100)}
            failed={!busy && outcomes.length < sent.length}
            aria-label={t.progress}
          />
          <Outcomes of={outcomes} />
        </>
      )}
    </Modal>
  );
}

interface Props {
  picked: string[];
  keep: (cases: string[]) => void;
  onDecided: () => void;
}

export function BulkBar({ picked, keep, onDecided }: Props) {
  const { words } = useSettings();
  const t = words.bulk;
  const [decision, setDecision] = useState<Decision | null>(null);
  const none = picked.length === 0;
  return (
    <div className="bulk-bar line" role="region" aria-label={t.bar}>
      <strong aria-live="polite">{t.picked(picked.length)}</strong>
      <Button disabled={none} onClick={() => setDecision("confirm")}>
        {words.case_page.confirm}
      </Button>
      <Button danger disabled={none} onClick={() => setDecision("overturn")}>
        {words.case_page.overturn}
      </Button>
      <Button type="text" disabled={none} onClick={() => keep([])}>
        {t.none}
      </Button>
      <span className="soft small bulk-keys">{t.keys}</span>
      {decision !== null && (
        <DecideMany
          decision={decision}
          picked={picked}
          keep={keep}
          onDecided={onDecided}
          close={() => setDecision(null)}
        />
      )}
    </div>
  );
}
