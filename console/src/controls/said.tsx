// What is said in passing: a line above everything for a few seconds, by Ant Design; or told, until it is closed. What
// is said before the library is there waits for it; where it does not come, the lines stand on the page until closed.

import { useSyncExternalStore, type ReactNode } from "react";
import { useWords } from "../theme/settings";
import { Button } from "./button";
import { Modal } from "./dialogs";
import { library, useLibrary } from "./library";
import { Alert } from "./shown";

export interface Line {
  id: number;
  kind: "info" | "success" | "error";
  text: string;
}
type Told = { title: string; content: ReactNode };

let now: { lines: Line[]; told: Told | null } = { lines: [], told: null };
let next = 0;
const listeners = new Set<() => void>();

function change(to: Partial<typeof now>): void {
  now = { ...now, ...to };
  listeners.forEach((told) => told());
}

function add(kind: Line["kind"], text: string): void {
  change({ lines: [...now.lines, { id: next++, kind, text }] });
  library.want();
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

const taken = (lines: Line[]) => change({ lines: now.lines.filter((line) => !lines.includes(line)) });

export function Said() {
  const words = useWords();
  const { lines, told } = useSyncExternalStore(subscribe, () => now);
  const { part, failed } = useLibrary(false);
  return (
    <>
      {part && <part.LibrarySaying lines={lines} taken={taken} />}
      {failed && lines.length > 0 && (
        <div className="said-plain">
          {lines.map(({ id, kind, text }) => (
            <Alert key={id} type={kind} message={text} />
          ))}
          <Button onClick={() => taken(lines)}>{words.state.close}</Button>
        </div>
      )}
      <Modal
        open={told !== null}
        title={told?.title ?? ""}
        cancelText={words.state.close}
        onCancel={() => change({ told: null })}
      >
        {told?.content}
      </Modal>
    </>
  );
}
