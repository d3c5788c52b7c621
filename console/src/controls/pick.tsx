// One, or several, of many that are found by typing: a combobox and its list, as the ARIA practices have it.

import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode, type RefObject } from "react";
import { useWords } from "../theme/settings";
import { CloseOutlined } from "./signs";

interface Choice {
  value: string;
  label: string;
  // The heading it stands under.
  group?: string;
}

const gapPx = 4;
const listPx = 280;

// Where the list stands: under its field, or above it where there is more room, and in front of everything.
function useList(open: boolean, field: RefObject<HTMLElement>) {
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const box = list.current;
    if (!open || !box || !field.current) return;
    const place = () => {
      const { left, top, bottom, width } = field.current!.getBoundingClientRect();
      const under = innerHeight - bottom - gapPx;
      const above = under < listPx && top > under;
      box.style.maxHeight = `${Math.min(listPx, (above ? top : innerHeight - bottom) - 2 * gapPx)}px`;
      box.style.minWidth = `${width}px`;
      box.style.left = `${Math.max(gapPx, Math.min(left, innerWidth - box.offsetWidth - gapPx))}px`;
      box.style.top = above ? "auto" : `${bottom + gapPx}px`;
      box.style.bottom = above ? `${innerHeight - top + gapPx}px` : "auto";
    };
    box.showPopover?.();
    place();
    addEventListener("scroll", place, true);
    addEventListener("resize", place);
    return () => {
      removeEventListener("scroll", place, true);
      removeEventListener("resize", place);
    };
  }, [open, field]);
  return list;
}

interface ListedProps {
  id: string;
  label: string;
  open: boolean;
  field: RefObject<HTMLElement>;
  found: Choice[];
  at: number;
  several: boolean;
  chosen: (value: string) => boolean;
  choose: (choice: Choice) => void;
}

function Listed({ id, label, open, field, found, at, several, chosen, choose }: ListedProps) {
  const words = useWords();
  const list = useList(open, field);
  useLayoutEffect(() => {
    list.current?.querySelector("[data-at]")?.scrollIntoView({ block: "nearest" });
  }, [open, at, list]);
  if (!open) return null;
  return (
    <div
      ref={list}
      id={id}
      role="listbox"
      aria-label={label}
      aria-multiselectable={several || undefined}
      className="combo-list"
      popover="manual"
      onPointerDown={(event) => event.preventDefault()}
    >
      {found.length === 0 && <p className="soft">{words.state.nothing_found}</p>}
      {found.map((choice, i) => (
        <div key={choice.value} role="presentation">
          {choice.group && choice.group !== found[i - 1]?.group && (
            <p className="combo-group" role="presentation">
              {choice.group}
            </p>
          )}
          <div
            id={`${id}-${i}`}
            role="option"
            aria-selected={chosen(choice.value)}
            data-at={i === at ? "" : undefined}
            className="combo-one"
            onClick={() => choose(choice)}
          >
            {choice.label}
          </div>
        </div>
      ))}
    </div>
  );
}

interface BoxProps {
  label: string;
  className?: string;
  choices: Choice[];
  chosen: (value: string) => boolean;
  take: (value: string) => void;
  // What the field says while nothing is typed.
  said: string;
  placeholder?: string;
  several: boolean;
  chips?: ReactNode;
  backspace?: () => void;
}

// What is typed, what is found of it, and which of that is meant.
function useFinding({ choices, chosen, take, several, backspace }: BoxProps) {
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState<string | null>(null);
  const [at, setAt] = useState(0);
  const sought = (typed ?? "").trim().toLowerCase();
  const found = choices.filter((choice) => choice.label.toLowerCase().includes(sought));
  const show = (yes: boolean) => {
    setOpen(yes);
    setTyped(null);
    setAt(Math.max(0, several ? 0 : choices.findIndex((choice) => chosen(choice.value))));
  };
  const choose = (choice: Choice | undefined) => {
    if (!choice) return;
    take(choice.value);
    if (several) setTyped(null);
    else show(false);
  };
  const type = (text: string) => {
    setOpen(true);
    setTyped(text);
    setAt(0);
  };
  const keys = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && !open) show(true);
    else if (step !== 0) setAt((found.length + at + step) % Math.max(1, found.length));
    else if (event.key === "Enter" && open && !event.nativeEvent.isComposing) choose(found[at]);
    else if (event.key === "Escape" && open) show(false);
    else if (event.key === "Backspace" && !typed && backspace) backspace();
    else return;
    event.preventDefault();
  };
  return { open, typed, at, found, show, choose, type, keys };
}

function Combobox(props: BoxProps) {
  const { label, className = "", chosen, said, placeholder, several, chips } = props;
  const id = useId();
  const field = useRef<HTMLDivElement>(null);
  const { open, typed, at, found, show, choose, type, keys } = useFinding(props);
  return (
    <div ref={field} className={`combo ${className}`}>
      {chips}
      <input
        role="combobox"
        aria-label={label}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-activedescendant={open && found[at] ? `${id}-${at}` : undefined}
        aria-autocomplete="list"
        value={typed ?? said}
        placeholder={placeholder}
        onChange={(event) => type(event.target.value)}
        onClick={() => show(!open)}
        onFocus={(event) => event.target.select()}
        onBlur={() => show(false)}
        onKeyDown={keys}
      />
      <Listed {...{ id, label, open, field, found, at, several, chosen, choose }} />
    </div>
  );
}

interface PickProps {
  value: string | undefined;
  choices: Choice[];
  onChange: (value: string) => void;
  className?: string;
  "aria-label": string;
}

export function Pick({ value, choices, onChange, className, "aria-label": label }: PickProps) {
  return (
    <Combobox
      label={label}
      className={className}
      choices={choices}
      chosen={(each) => each === value}
      take={onChange}
      said={choices.find((choice) => choice.value === value)?.label ?? value ?? ""}
      several={false}
    />
  );
}

interface PickManyProps<T extends string> extends Omit<PickProps, "value" | "onChange" | "choices"> {
  value: T[];
  choices: { value: T; label: string }[];
  onChange: (value: T[]) => void;
  placeholder?: string;
}

export function PickMany<T extends string>({ value, choices, onChange, placeholder, ...rest }: PickManyProps<T>) {
  const { className, "aria-label": label } = rest;
  const words = useWords();
  const name = (each: string) => choices.find((choice) => choice.value === each)?.label ?? each;
  const without = (each: string) => value.filter((other) => other !== each);
  return (
    <Combobox
      label={label}
      className={className}
      choices={choices}
      chosen={(each) => value.includes(each as T)}
      take={(each) => onChange(value.includes(each as T) ? without(each) : [...value, each as T])}
      said=""
      placeholder={value.length === 0 ? placeholder : undefined}
      several
      backspace={() => value.length > 0 && onChange(value.slice(0, -1))}
      chips={value.map((each) => (
        <span key={each} className="combo-chip">
          {name(each)}
          <button type="button" aria-label={words.state.leave_out(name(each))} onClick={() => onChange(without(each))}>
            <CloseOutlined />
          </button>
        </span>
      ))}
    />
  );
}
