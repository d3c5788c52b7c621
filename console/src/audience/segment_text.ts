// The language of segments (docs/segments.md) as a tree and back. The server has the last word on what is allowed; this
// reads and writes, so that a text and the form beside it stay the same segment.

import type { Schemas } from "../api/client";

export type ActKind = Schemas["Event"]["type"];

export type Segment =
  | { kind: "and" | "or"; of: Segment[] }
  | { kind: "not"; of: Segment }
  | { kind: "everybody" }
  | { kind: "flag"; tag: string }
  | { kind: "in"; tag: string; values: string[] }
  | { kind: "known"; tag: string }
  | { kind: "range"; tag: string; from?: number; to?: number }
  | { kind: "days"; tag: string; from?: string; to?: string }
  | { kind: "within"; tag: string; days: number }
  | { kind: "count"; acts: ActKind[]; category?: string; days: number; from?: number; to?: number }
  | { kind: "segment" | "list"; name: string }
  | { kind: "similar"; segment: string; size: number };

export const actKinds: ActKind[] = [
  "like",
  "unlike",
  "dislike",
  "view",
  "complete",
  "comment",
  "follow",
  "unfollow",
  "share",
  "profile_visit",
];

export class Mistake extends Error {
  readonly line: number;
  readonly column: number;
  constructor(
    text: string,
    at: number,
    readonly expected: string,
  ) {
    super(expected);
    const before = text.slice(0, at).split("\n");
    this.line = before.length;
    this.column = [...before.at(-1)!].length + 1;
  }
}

// ---- reading --------------------------------------------------------------------------------------------------------

interface Token {
  kind: "word" | "text" | "whole" | "sign" | "end";
  value: string;
  at: number;
}

const tokenForms = /\s*(?:([A-Za-z][A-Za-z0-9_.]*)|"((?:[^"\\]|\\["\\])*)"|(\d+)|(!=|<=|>=|[=<>(),:]))/y;

function tokens(text: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (text.slice(at).trim() !== "") {
    tokenForms.lastIndex = at;
    const match = tokenForms.exec(text);
    const start = at + text.slice(at).search(/\S/);
    if (!match) throw new Mistake(text, start, "word, text in quotes, number or sign");
    const [, word, quoted, whole, sign] = match;
    if (word !== undefined) found.push({ kind: "word", value: word, at: start });
    else if (quoted !== undefined) found.push({ kind: "text", value: quoted.replace(/\\(["\\])/g, "$1"), at: start });
    else if (whole !== undefined) found.push({ kind: "whole", value: whole, at: start });
    else found.push({ kind: "sign", value: sign!, at: start });
    at = tokenForms.lastIndex;
  }
  found.push({ kind: "end", value: "", at: text.length });
  return found;
}

const compares = ["=", "!=", "<", "<=", ">", ">="];
const isDate = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text);

export function shiftDay(day: string, by: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + by);
  return date.toISOString().slice(0, 10);
}

class Reader {
  private readonly all: Token[];
  private at = 0;
  constructor(private readonly text: string) {
    this.all = tokens(text);
  }

  private get next(): Token {
    return this.all[this.at]!;
  }
  private fail(expected: string): never {
    throw new Mistake(this.text, this.next.at, expected);
  }
  private is(value: string, kind: Token["kind"] = "word"): boolean {
    return this.next.kind === kind && this.next.value === value;
  }
  private takes(value: string, kind: Token["kind"] = "word"): boolean {
    if (!this.is(value, kind)) return false;
    ++this.at;
    return true;
  }
  private take(value: string, kind: Token["kind"] = "word"): void {
    if (!this.takes(value, kind)) this.fail(value);
  }
  private value(kind: "text" | "whole" | "word", expected: string): string {
    if (this.next.kind !== kind) this.fail(expected);
    return this.all[this.at++]!.value;
  }
  private whole(): number {
    return Number(this.value("whole", "whole number"));
  }

  segment(): Segment {
    const found = this.either();
    if (this.next.kind !== "end") this.fail("and, or, end");
    return found;
  }
  private either(): Segment {
    const of = [this.both()];
    while (this.takes("or")) of.push(this.both());
    return of.length === 1 ? of[0]! : { kind: "or", of };
  }
  private both(): Segment {
    const of = [this.negation()];
    while (this.takes("and")) of.push(this.negation());
    return of.length === 1 ? of[0]! : { kind: "and", of };
  }
  private negation(): Segment {
    return this.takes("not") ? { kind: "not", of: this.negation() } : this.term();
  }
  private term(): Segment {
    if (this.takes("(", "sign")) {
      const inner = this.either();
      this.take(")", "sign");
      return inner;
    }
    if (this.takes("everybody")) return { kind: "everybody" };
    const after = this.all[this.at + 1];
    const call = after?.kind === "sign" && after.value === "(";
    if (call && this.is("count")) return this.window();
    if (call && (this.is("segment") || this.is("list"))) {
      const kind = this.value("word", "segment") as "segment" | "list";
      return { kind, name: this.quoted() };
    }
    if (this.is("similar") && after?.value === "to") return this.similar();
    return this.condition(this.value("word", "tag"));
  }
  private quoted(): string {
    this.take("(", "sign");
    const name = this.value("text", "name in quotes");
    this.take(")", "sign");
    return name;
  }
  private similar(): Segment {
    this.take("similar");
    this.take("to");
    this.take("segment");
    const segment = this.quoted();
    this.take("size");
    return { kind: "similar", segment, size: this.whole() };
  }
  private days(): number {
    const days = this.whole();
    this.take("d");
    return days;
  }
  private window(): Segment {
    this.take("count");
    this.take("(", "sign");
    const acts: ActKind[] = [];
    do {
      const name = this.next.value as ActKind;
      if (this.next.kind !== "word" || !actKinds.includes(name)) this.fail("act");
      acts.push(name);
      ++this.at;
    } while (this.takes("or"));
    this.take(",", "sign");
    let category: string | undefined;
    if (this.takes("category")) {
      this.take(":", "sign");
      category = this.value("text", "category in quotes");
      this.take(",", "sign");
    }
    this.take("last");
    const days = this.days();
    this.take(")", "sign");
    return { kind: "count", acts, ...(category === undefined ? {} : { category }), days, ...this.bounds() };
  }
  private compare(): string {
    if (this.next.kind !== "sign" || !compares.includes(this.next.value)) this.fail("comparison");
    return this.all[this.at++]!.value;
  }
  private bounds(): { from?: number; to?: number } {
    if (this.takes("between")) {
      const from = this.whole();
      this.take("and");
      return { from, to: this.whole() };
    }
    return boundsOf(this.compare(), this.whole(), (n, by) => n + by);
  }
  private condition(tag: string): Segment {
    if (this.takes("is")) {
      this.take("known");
      return { kind: "known", tag };
    }
    if (this.takes("within")) return { kind: "within", tag, days: this.days() };
    const not = this.is("not") && this.all[this.at + 1]?.value === "in" && this.takes("not");
    if (this.takes("in")) {
      this.take("(", "sign");
      const values = [this.value("text", "value in quotes")];
      while (this.takes(",", "sign")) values.push(this.value("text", "value in quotes"));
      this.take(")", "sign");
      const found: Segment = { kind: "in", tag, values };
      return not ? { kind: "not", of: found } : found;
    }
    if (this.takes("between")) return this.between(tag);
    if (this.next.kind !== "sign" || !compares.includes(this.next.value)) return { kind: "flag", tag };
    return this.comparison(tag, this.compare());
  }
  private between(tag: string): Segment {
    if (this.next.kind === "text") {
      const from = this.value("text", "date");
      this.take("and");
      return { kind: "days", tag, from, to: this.value("text", "date") };
    }
    const from = this.whole();
    this.take("and");
    return { kind: "range", tag, from, to: this.whole() };
  }
  private comparison(tag: string, sign: string): Segment {
    const negated = (found: Segment): Segment => (sign === "!=" ? { kind: "not", of: found } : found);
    const plain = sign === "!=" ? "=" : sign;
    if (this.next.kind === "whole")
      return negated({ kind: "range", tag, ...boundsOf(plain, this.whole(), (n, by) => n + by) });
    const text = this.value("text", "value");
    if (plain === "=" && !isDate(text)) return negated({ kind: "in", tag, values: [text] });
    if (!isDate(text)) this.fail("date");
    return negated({ kind: "days", tag, ...boundsOf(plain, text, shiftDay) });
  }
}

function boundsOf<T>(sign: string, value: T, shift: (value: T, by: number) => T): { from?: T; to?: T } {
  switch (sign) {
    case "<":
      return { to: shift(value, -1) };
    case "<=":
      return { to: value };
    case ">":
      return { from: shift(value, 1) };
    case ">=":
      return { from: value };
    default:
      return { from: value, to: value };
  }
}

export const readSegment = (text: string): Segment => new Reader(text).segment();

// ---- writing --------------------------------------------------------------------------------------------------------

const quote = (text: string): string => `"${text.replace(/(["\\])/g, "\\$1")}"`;

function boundsText(from: number | string | undefined, to: number | string | undefined): string {
  const one = (value: number | string) => (typeof value === "string" ? quote(value) : String(value));
  if (from !== undefined && to !== undefined)
    return from === to ? `= ${one(from)}` : `between ${one(from)} and ${one(to)}`;
  if (to !== undefined) return `<= ${one(to)}`;
  return `>= ${one(from ?? 0)}`;
}

const rank = (segment: Segment): number =>
  segment.kind === "or" ? 1 : segment.kind === "and" ? 2 : segment.kind === "not" ? 3 : 4;

export function writeSegment(segment: Segment): string {
  const inside = (inner: Segment, least: number): string => {
    const text = writeSegment(inner);
    return rank(inner) < least ? `(${text})` : text;
  };
  switch (segment.kind) {
    case "and":
    case "or":
      return segment.of.length === 0
        ? "everybody"
        : segment.of
            .map((inner) => inside(inner, rank(segment) + (segment.of.length > 1 ? 1 : 0)))
            .join(` ${segment.kind} `);
    case "not":
      return `not ${inside(segment.of, 3)}`;
    case "everybody":
      return "everybody";
    case "flag":
      return segment.tag;
    case "in":
      return segment.values.length === 1
        ? `${segment.tag} = ${quote(segment.values[0]!)}`
        : `${segment.tag} in (${segment.values.map(quote).join(", ")})`;
    case "known":
      return `${segment.tag} is known`;
    case "range":
      return `${segment.tag} ${boundsText(segment.from, segment.to)}`;
    case "days":
      return `${segment.tag} ${boundsText(segment.from, segment.to)}`;
    case "within":
      return `${segment.tag} within ${segment.days}d`;
    case "count":
      return (
        `count(${segment.acts.join(" or ")}, ${segment.category === undefined ? "" : `category: ${quote(segment.category)}, `}` +
        `last ${segment.days}d) ${boundsText(segment.from ?? (segment.to === undefined ? 1 : undefined), segment.to)}`
      );
    case "segment":
    case "list":
      return `${segment.kind}(${quote(segment.name)})`;
    case "similar":
      return `similar to segment(${quote(segment.segment)}) size ${segment.size}`;
  }
}
