// What is typed into.

import { useState, type ComponentPropsWithoutRef, type KeyboardEvent } from "react";

interface InputProps extends ComponentPropsWithoutRef<"input"> {
  onPressEnter?: () => void;
}

export function Input({ className = "", onPressEnter, onKeyDown, ...native }: InputProps) {
  const pressed = (event: KeyboardEvent<HTMLInputElement>) => {
    onKeyDown?.(event);
    // Enter that ends the writing of a Chinese word sends nothing.
    if (event.key === "Enter" && !event.nativeEvent.isComposing) onPressEnter?.();
  };
  return <input {...native} className={`input ${className}`} onKeyDown={pressed} />;
}

export function Password(props: InputProps) {
  return <Input {...props} type="password" />;
}

export function TextArea({ className = "", ...native }: ComponentPropsWithoutRef<"textarea">) {
  return <textarea {...native} className={`input ${className}`} />;
}

interface NumberProps {
  value: number | null | undefined;
  onChange: (value: number | null) => void;
  min?: number;
  max?: number;
  step?: number;
  // Whole numbers alone.
  whole?: boolean;
  suffix?: string;
  placeholder?: string;
  "aria-label": string;
}

// Tells of each number that is within its bounds; one beyond them is brought within when the field is left.
export function InputNumber({ value, onChange, min, max, step, whole, suffix, ...native }: NumberProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const read = (text: string): number | null => {
    const number = text.trim() === "" ? NaN : Number(text);
    return Number.isNaN(number) ? null : whole ? Math.round(number) : number;
  };
  const within = (number: number) => Math.min(max ?? Infinity, Math.max(min ?? -Infinity, number));
  const typed = (text: string) => {
    setDraft(text);
    const number = read(text);
    if (number === null || within(number) === number) onChange(number);
  };
  const left = () => {
    const number = draft === null ? null : read(draft);
    if (number !== null && within(number) !== number) onChange(within(number));
    setDraft(null);
  };
  const field = (
    <input
      {...native}
      type="number"
      className="input input-number"
      inputMode={whole ? "numeric" : "decimal"}
      min={min}
      max={max}
      step={step ?? (whole ? 1 : "any")}
      value={draft ?? value ?? ""}
      onChange={(event) => typed(event.target.value)}
      onBlur={left}
    />
  );
  return suffix ? (
    <span className="input-with">
      {field}
      <span aria-hidden>{suffix}</span>
    </span>
  ) : (
    field
  );
}
