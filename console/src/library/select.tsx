import { Select, type SelectProps } from "antd";
import { useEffect, useMemo, useState } from "react";
import type { Choice, Early } from "../controls/pick";
import { useWords } from "../theme/settings";
import { Dressed } from "./dressed";

interface OfProps<T extends string> {
  choices: readonly Choice<T>[];
  placeholder?: string;
  early: Early;
  "aria-label": string;
}

type Options = NonNullable<SelectProps["options"]>;

function grouped(choices: readonly Choice[]): Options {
  const groups = [...new Set(choices.map(({ group }) => group))];
  return groups.flatMap((group): Options => {
    const options = choices.filter((each) => each.group === group).map(({ value, label }) => ({ value, label }));
    return group === undefined ? options : [{ label: group, title: group, options }];
  });
}

// The list stands in the page's landmark, or in the dialog that holds the field.
const container = (field: HTMLElement) => field.closest<HTMLElement>("main, [role=dialog]") ?? document.body;

// What both have in common. What was typed before the library came is sought at once.
function useFinding<T extends string>({ choices, early, ...rest }: OfProps<T>) {
  const words = useWords();
  const [sought, setSought] = useState("");
  // Only now: the field empties itself when it is first drawn.
  useEffect(() => setSought(early.typed), [early.typed]);
  const options = useMemo(() => grouped(choices), [choices]);
  const clear = () => setSought("");
  return {
    ...rest,
    options,
    showSearch: true,
    optionFilterProp: "label",
    searchValue: sought,
    onSearch: setSought,
    onSelect: clear,
    onBlur: clear,
    autoFocus: early.focused,
    defaultOpen: early.pressed || early.typed !== "",
    notFoundContent: words.state.nothing_found,
    popupMatchSelectWidth: false,
    getPopupContainer: container,
    className: "pick-library",
    suffixIcon: <span className="pick-caret" />,
  };
}

interface PickProps extends OfProps<string> {
  value: string | undefined;
  onChange: (value: string) => void;
}

export function LibraryPick({ value, onChange, ...of }: PickProps) {
  return (
    <Dressed>
      <Select {...useFinding(of)} value={value} onChange={onChange} />
    </Dressed>
  );
}

interface PickManyProps<T extends string> extends OfProps<T> {
  value: T[];
  onChange: (value: T[]) => void;
}

export function LibraryPickMany<T extends string>({ value, onChange, ...of }: PickManyProps<T>) {
  return (
    <Dressed>
      <Select<T[]> {...useFinding(of)} mode="multiple" value={value} onChange={onChange} />
    </Dressed>
  );
}
