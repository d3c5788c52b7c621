// Bringing people by name: from a file or typed, sent in parts, with what has arrived so far and how many nobody knows.

import { useMemo, useRef, useState, type FormEvent, type ReactNode } from "react";
import { asProblem, type Schemas } from "../api/client";
import { Alert, Button, Progress, TextArea } from "../controls/controls";
import { UploadOutlined } from "../controls/signs";
import { Count } from "../parts/figures";
import { useWords } from "../theme/settings";
import { namesOf, partsOf } from "./names";

const fileBytesMax = 200_000_000;

export interface Part {
  users: string[];
  part: number;
  parts: number;
}

interface Sent {
  done: number;
  of: number;
  known: number;
  unknown: number;
}

interface Props {
  ready: boolean;
  label: string;
  children: ReactNode;
  // Called for each part in order; a part that failed stops the rest.
  send: (part: Part) => Promise<Schemas["Uploaded"]>;
  begin: () => void;
  onDone: () => void;
}

function Progressed({ of }: { of: Sent }) {
  const t = useWords().lists;
  return (
    <div aria-live="polite">
      {of.of > 1 && <Progress percent={Math.floor((of.done / of.of) * 100)} aria-label={t.sending} />}
      {of.done === of.of && (
        <Alert
          type="success"
          message={
            <>
              {t.taken_in} <Count value={of.known} full />
              {of.unknown > 0 && (
                <>
                  {" "}
                  · {t.unknown} <Count value={of.unknown} full />
                </>
              )}
            </>
          }
        />
      )}
    </div>
  );
}

// Sends the parts of the names one after the other, and keeps what became of them.
function useUpload({ send, begin, onDone }: Pick<Props, "send" | "begin" | "onDone">) {
  const words = useWords();
  const [sent, setSent] = useState<Sent | null>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const go = async (names: string[]): Promise<boolean> => {
    const parts = partsOf(names);
    let so_far: Sent = { done: 0, of: parts.length, known: 0, unknown: 0 };
    setBusy(true);
    setTrouble("");
    setSent(so_far);
    begin();
    try {
      for (const [part, users] of parts.entries()) {
        const taken = await send({ users, part, parts: parts.length });
        so_far = {
          ...so_far,
          done: so_far.done + 1,
          known: so_far.known + taken.users,
          unknown: so_far.unknown + taken.unknown,
        };
        setSent(so_far);
      }
      onDone();
      return true;
    } catch (error) {
      setTrouble(words.state.not_done + (asProblem(error).detail || words.state.problem.other.title));
      return false;
    } finally {
      setBusy(false);
    }
  };
  const forget = (why: string) => {
    setSent(null);
    setTrouble(why);
  };
  return { sent, busy, trouble, go, forget };
}

interface Chosen {
  name: string;
  text: string;
}

function FilePick({
  file,
  take,
  refuse,
}: {
  file: Chosen | null;
  take: (file: Chosen | null) => void;
  refuse: (why: string) => void;
}) {
  const t = useWords().lists;
  const input = useRef<HTMLInputElement>(null);
  const read = async (chosen: File | undefined) => {
    refuse("");
    if (!chosen) return;
    if (chosen.size > fileBytesMax) refuse(t.too_large);
    else take({ name: chosen.name, text: await chosen.text() });
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".txt,.csv,text/plain,text/csv"
        className="unseen"
        tabIndex={-1}
        aria-label={t.file}
        onChange={(event) => {
          void read(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
      <Button icon={<UploadOutlined />} onClick={() => input.current?.click()}>
        {t.file}
      </Button>
      {file && (
        <Button type="text" onClick={() => take(null)}>
          {t.not_file(file.name)}
        </Button>
      )}
    </>
  );
}

export function UploadForm({ ready, label, children, ...upload }: Props) {
  const t = useWords().lists;
  const [text, setText] = useState("");
  const [file, setFile] = useState<Chosen | null>(null);
  const { sent, busy, trouble, go, forget } = useUpload(upload);
  const names = useMemo(() => namesOf(file?.text ?? text), [file, text]);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!(await go(names))) return;
    setText("");
    setFile(null);
  };
  return (
    <form className="upload" onSubmit={(event) => void submit(event)}>
      <div className="policy">{children}</div>
      <label className="field">
        {t.names}
        <TextArea
          className="mono"
          rows={3}
          value={file ? "" : text}
          disabled={file !== null}
          placeholder={file ? file.name : t.names_form}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <div className="line">
        <FilePick file={file} take={setFile} refuse={forget} />
        <span className="soft" aria-live="polite">
          {t.found(names.length)}
        </span>
        <Button type="primary" htmlType="submit" className="end" loading={busy} disabled={!ready || names.length === 0}>
          {label}
        </Button>
      </div>
      {sent && <Progressed of={sent} />}
      {trouble && (
        <p className="problem" role="alert">
          {trouble}
        </p>
      )}
    </form>
  );
}
