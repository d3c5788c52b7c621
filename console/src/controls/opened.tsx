// What is opened in its place by a button, and closed again.

import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import { useWords } from "../theme/settings";
import { Button } from "./button";
import { library, useLibrary } from "./library";
import { RightOutlined } from "./signs";

export function Fold({ label, children }: { label: string; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <div className="fold">
      <button
        type="button"
        className="fold-button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <RightOutlined /> {label}
      </button>
      <div id={id} hidden={!open}>
        {open && children}
      </div>
    </div>
  );
}

// A button, and under it what it opens; Escape and a press elsewhere close it.
export function Popover({ label, icon, children }: { label: string; icon: ReactNode; children: ReactNode }) {
  const words = useWords();
  const [open, setOpen] = useState(false);
  const { part, failed } = useLibrary(open);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const pressed = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener("pointerdown", pressed);
    return () => removeEventListener("pointerdown", pressed);
  }, [open]);
  const content = (
    <div role="group" aria-label={label}>
      {children}
    </div>
  );
  return (
    <div
      ref={box}
      className="popover-around"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        setOpen(false);
        box.current?.querySelector("button")?.focus();
      }}
    >
      <Button type="text" icon={icon} aria-label={label} aria-expanded={open} onClick={() => setOpen(!open)} />
      {part && <part.LibraryPopover open={open} content={content} />}
      {open && failed && (
        <div className="missing missing-here">
          <p role="alert">{words.state.part_missing}</p>
          <Button onClick={library.want}>{words.state.again}</Button>
        </div>
      )}
    </div>
  );
}
