// A number, a moment, a name and a verdict, as they stand on every page.

import type { ReactNode } from "react";
import { Link } from "react-router-dom";
import {
  CheckCircleOutlined,
  CloseCircleOutlined,
  PauseCircleOutlined,
  QuestionCircleOutlined,
} from "../controls/signs";
import { useWho } from "../session/session";
import { exact, exactPercent, isShortened, percent, short } from "../show/numbers";
import { time, type TimeForm } from "../show/times";
import { useSettings, useWords } from "../theme/settings";

export function Count({ value, full }: { value: number; full?: boolean }) {
  const { language } = useSettings();
  const whole = exact(value, language);
  if (full || !isShortened(value, language)) return <data value={value}>{whole}</data>;
  return (
    <data value={value} title={whole}>
      <span aria-hidden="true">{short(value, language)}</span>
      <span className="unseen">{whole}</span>
    </data>
  );
}

export function Share({ value, digits = 1 }: { value: number; digits?: number }) {
  const { language } = useSettings();
  return (
    <data value={value} title={exactPercent(value, language)}>
      {percent(value, language, digits)}
    </data>
  );
}

export function Moment({ at, form = "moment" }: { at: string; form?: TimeForm }) {
  const { language, zone } = useSettings();
  return (
    <time dateTime={at} title={at}>
      {time(at, language, zone, form)}
    </time>
  );
}

// Control characters and those that turn the reading direction are shown, not obeyed: names come from strangers.
export function plain(name: string): string {
  return name.replace(
    /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
    (sign) => `\\u{${sign.codePointAt(0)!.toString(16)}}`,
  );
}

export const Name = ({ of }: { of: string }) => <bdi className="name">{plain(of)}</bdi>;

// A viewer has no page of a work to go to.
export function WorkLink({ id }: { id: string }) {
  const { role } = useWho();
  return role === "viewer" ? (
    <Name of={id} />
  ) : (
    <Link to={`/works/${encodeURIComponent(id)}`}>
      <Name of={id} />
    </Link>
  );
}

// In a demo, what the attack of the guided tour made up says so where works are compared.
export function MadeUp({ id }: { id: string }) {
  const { demo } = useWho();
  const words = useWords();
  return demo && id.startsWith("sim-") ? <span className="made-up">{words.state.made_up}</span> : null;
}

export type VerdictKind = "genuine" | "held" | "rejected" | "unjudged";

const signs: Record<VerdictKind, ReactNode> = {
  genuine: <CheckCircleOutlined />,
  held: <PauseCircleOutlined />,
  rejected: <CloseCircleOutlined />,
  unjudged: <QuestionCircleOutlined />,
};

export function Verdict({ kind, children }: { kind: VerdictKind; children?: ReactNode }) {
  const { words } = useSettings();
  return (
    <span className={`verdict verdict-${kind}`}>
      {signs[kind]} {children ?? words.verdict[kind]}
    </span>
  );
}

// One number with its name, large.
export function Figure({
  name,
  note,
  kind,
  children,
}: {
  name: string;
  note?: ReactNode;
  kind?: VerdictKind;
  children: ReactNode;
}) {
  return (
    <div className={`figure${kind ? ` figure-${kind}` : ""}`}>
      <div className="figure-name">
        {kind && signs[kind]} {name}
      </div>
      <div className="figure-value">{children}</div>
      {note !== undefined && <div className="figure-note">{note}</div>}
    </div>
  );
}
