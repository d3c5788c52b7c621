// One of a few, or on and off.

import { useId, type ReactNode } from "react";

type Value = string | number;

export interface Option<T extends Value> {
  value: T;
  label: ReactNode;
}

interface Of<T extends Value> {
  value: T | undefined;
  options: readonly Option<T>[];
  onChange: (value: T) => void;
  className?: string;
  disabled?: boolean;
  size?: "small";
  "aria-label"?: string;
  "aria-labelledby"?: string;
}

// Radio buttons of one group, whose labels look as `look` says.
function RadioGroup<T extends Value>({ look, ...of }: Of<T> & { look: string }) {
  const { value, options, onChange, className, disabled, size, ...aria } = of;
  const name = useId();
  const classes = [look, size && `${look}-small`, className].filter(Boolean).join(" ");
  return (
    <div role="radiogroup" className={classes} {...aria}>
      {options.map((option) => (
        <label key={option.value} className={`${look}-item`}>
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            disabled={disabled}
            onChange={() => onChange(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </div>
  );
}

export function Segmented<T extends Value>(props: Of<T>) {
  return <RadioGroup look="segmented" {...props} />;
}

export function Radios<T extends Value>(props: Of<T>) {
  return <RadioGroup look="radios" {...props} />;
}

export function Select<T extends Value>({ value, options, onChange, className, size, ...native }: Of<T>) {
  const classes = ["select", size && "select-small", className].filter(Boolean).join(" ");
  return (
    <select
      {...native}
      className={classes}
      value={value ?? ""}
      onChange={(event) => {
        const found = options.find((option) => String(option.value) === event.target.value);
        if (found) onChange(found.value);
      }}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

interface SwitchProps {
  checked: boolean;
  onChange: (on: boolean) => void;
  loading?: boolean;
  "aria-label": string;
}

export function Switch({ checked, onChange, loading, ...aria }: SwitchProps) {
  return (
    <button
      {...aria}
      type="button"
      role="switch"
      className="switch-button"
      aria-checked={checked}
      aria-busy={loading || undefined}
      onClick={() => !loading && onChange(!checked)}
    />
  );
}
