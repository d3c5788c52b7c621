// One, or several, of many that are found by typing: Ant Design's Select. Until that is there, a field of the same size
// says what is chosen, and keeps what is typed into it.

import { useState, type ReactNode } from "react";
import { useWords } from "../theme/settings";
import { Button } from "./button";
import { library, useLibrary } from "./library";

export interface Choice<T extends string = string> {
  value: T;
  label: string;
  // The heading it stands under.
  group?: string;
}

// What was done with the field before the library came.
export interface Early {
  focused: boolean;
  pressed: boolean;
  typed: string;
}

const untouched: Early = { focused: false, pressed: false, typed: "" };

interface StandInProps {
  label: string;
  said: string;
  placeholder?: string;
  chips?: ReactNode;
  early: Early;
  change: (early: Early) => void;
}

function StandIn({ label, said, placeholder, chips, early, change }: StandInProps) {
  return (
    <span className={chips ? "pick-field pick-field-many" : "pick-field"} onPointerEnter={library.want}>
      {chips}
      <input
        role="combobox"
        aria-label={label}
        aria-expanded={false}
        aria-haspopup="listbox"
        value={early.typed || said}
        placeholder={placeholder}
        onChange={(event) => change({ ...early, typed: event.target.value.replace(said, "") })}
        onFocus={(event) => {
          event.target.select();
          change({ ...early, focused: true });
        }}
        onBlur={() => change({ ...early, focused: false, pressed: false })}
        onPointerDown={() => change({ ...early, pressed: true })}
      />
    </span>
  );
}

function Missing() {
  const words = useWords();
  return (
    <span className="line" role="alert">
      <span className="problem">{words.state.part_missing}</span>
      <Button size="small" onClick={library.want}>
        {words.state.again}
      </Button>
    </span>
  );
}

interface OfProps<T extends string> {
  choices: readonly Choice<T>[];
  className?: string;
  placeholder?: string;
  "aria-label": string;
}

interface PickProps extends OfProps<string> {
  value: string | undefined;
  onChange: (value: string) => void;
}

function useEarly() {
  const [early, setEarly] = useState(untouched);
  const touched = early.focused || early.pressed || early.typed !== "";
  const { part, failed } = useLibrary(touched);
  return { early, setEarly, part, missing: failed && touched };
}

const nameIn = (choices: readonly Choice[], value: string) =>
  choices.find((choice) => choice.value === value)?.label ?? value;

export function Pick({ className = "", ...of }: PickProps) {
  const { early, setEarly, part, missing } = useEarly();
  const said = of.value === undefined ? "" : nameIn(of.choices, of.value);
  return (
    <span className={`pick-around ${className}`}>
      {part ? (
        <part.LibraryPick {...of} early={early} />
      ) : (
        <StandIn label={of["aria-label"]} {...{ said, early }} placeholder={of.placeholder} change={setEarly} />
      )}
      {missing && <Missing />}
    </span>
  );
}

interface PickManyProps<T extends string> extends OfProps<T> {
  value: T[];
  onChange: (value: T[]) => void;
}

export function PickMany<T extends string>({ className = "", ...of }: PickManyProps<T>) {
  const { early, setEarly, part, missing } = useEarly();
  const chips = of.value.map((each) => (
    <span key={each} className="pick-chip">
      {nameIn(of.choices, each)}
    </span>
  ));
  const placeholder = of.value.length === 0 ? of.placeholder : undefined;
  return (
    <span className={`pick-around ${className}`}>
      {part ? (
        <part.LibraryPickMany {...of} early={early} />
      ) : (
        <StandIn label={of["aria-label"]} said="" {...{ chips, placeholder, early }} change={setEarly} />
      )}
      {missing && <Missing />}
    </span>
  );
}
