// A change that staff give a reason for: a button, a dialog that asks why, and in it what the server said when it refused.

import { useState, type ReactNode } from "react";
import { asProblem } from "../api/client";
import { Button, type ButtonProps, Input, Modal } from "../controls/controls";
import { useWords } from "../theme/settings";

interface Props {
  label: string;
  note?: ReactNode;
  // What else is asked for, and whether it is complete.
  children?: ReactNode;
  ready?: boolean;
  button?: ButtonProps;
  send: (why: string) => Promise<unknown>;
  onDone: () => void;
  onOpen?: () => void;
}

export function WithReason({ label, note, children, ready = true, button, send, onDone, onOpen }: Props) {
  const words = useWords();
  const [open, setOpen] = useState(false);
  const [why, setWhy] = useState("");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const start = () => {
    setWhy("");
    setTrouble("");
    onOpen?.();
    setOpen(true);
  };
  const go = async () => {
    setBusy(true);
    setTrouble("");
    try {
      await send(why.trim());
      setOpen(false);
      onDone();
    } catch (error) {
      setTrouble(words.state.not_done + (asProblem(error).detail || words.state.problem.other.title));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button {...button} onClick={start}>
        {label}
      </Button>
      <Modal
        open={open}
        title={label}
        okText={label}
        cancelText={words.state.cancel}
        confirmLoading={busy}
        onCancel={() => setOpen(false)}
        onOk={() => void go()}
        okButtonProps={{ danger: button?.danger, disabled: !why.trim() || !ready }}
      >
        {note && <p>{note}</p>}
        {children}
        <label className="field">
          {words.state.why}
          <Input value={why} maxLength={500} onChange={(event) => setWhy(event.target.value)} />
        </label>
        {trouble && (
          <p className="problem" role="alert">
            {trouble}
          </p>
        )}
      </Modal>
    </>
  );
}
