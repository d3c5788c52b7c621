// What is said in passing: a line that stands above everything for a few seconds; or told, until it is closed.

import { useEffect, useRef, useSyncExternalStore, type ReactNode } from "react";
import { useWords } from "../theme/settings";
import { Modal } from "./dialogs";
import { CheckCircleOutlined, CloseCircleOutlined, InfoCircleOutlined } from "./signs";

type Kind = "info" | "success" | "error";
type Line = { id: number; kind: Kind; text: string };
type Told = { title: string; content: ReactNode };

const staysMs: Record<Kind, number> = { info: 4_000, success: 3_000, error: 7_000 };
const linesMax = 4;

let now: { lines: Line[]; told: Told | null } = { lines: [], told: null };
let next = 0;
const listeners = new Set<() => void>();

function change(to: Partial<typeof now>): void {
  now = { ...now, ...to };
  listeners.forEach((told) => told());
}

function add(kind: Kind, text: string): void {
  const id = next++;
  change({ lines: [...now.lines, { id, kind, text }].slice(-linesMax) });
  setTimeout(() => change({ lines: now.lines.filter((line) => line.id !== id) }), staysMs[kind]);
}

export const say = {
  info: (text: string) => add("info", text),
  success: (text: string) => add("success", text),
  error: (text: string) => add("error", text),
};

export const tell = (told: Told) => change({ told });

function subscribe(told: () => void): () => void {
  listeners.add(told);
  return () => listeners.delete(told);
}

const signs = { info: InfoCircleOutlined, success: CheckCircleOutlined, error: CloseCircleOutlined };

export function Said() {
  const words = useWords();
  const { lines, told } = useSyncExternalStore(subscribe, () => now);
  const box = useRef<HTMLDivElement>(null);
  const last = lines.at(-1)?.id;
  // Shown anew with each line, which brings it above a dialog that was opened since.
  useEffect(() => {
    if (!box.current?.showPopover) return;
    if (box.current.matches(":popover-open")) box.current.hidePopover();
    if (last !== undefined) box.current.showPopover();
  }, [last]);
  return (
    <>
      <div ref={box} className="said" popover="manual">
        <div role="status" aria-live="polite">
          {lines.map(({ id, kind, text }) => {
            const Sign = signs[kind];
            return (
              <p key={id} className={`said-line said-${kind}`}>
                <Sign /> {text}
              </p>
            );
          })}
        </div>
      </div>
      {told && (
        <Modal open title={told.title} cancelText={words.state.close} onCancel={() => change({ told: null })}>
          {told.content}
        </Modal>
      )}
    </>
  );
}
