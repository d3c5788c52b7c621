// A segment as a form: groups of conditions that can be changed without knowing the language.

import { useMemo } from "react";
import type { Schemas } from "../api/client";
import { Button, Input, InputNumber, Pick, PickMany, Segmented } from "../controls/controls";
import { DeleteOutlined, PlusOutlined } from "../controls/signs";
import { useSettings } from "../theme/settings";
import { actKinds, type ActKind, type Segment } from "./segment_text";

type Tag = Schemas["Tag"];
type Change = (segment: Segment) => void;

// What a tag says when it is first chosen.
export function firstOf(tag: Tag): Segment {
  switch (tag.type) {
    case "flag":
      return { kind: "flag", tag: tag.tag };
    case "one_of":
    case "many_of":
      return { kind: "in", tag: tag.tag, values: tag.values?.[0] ? [tag.values[0].value] : [] };
    case "number":
      return { kind: "range", tag: tag.tag, from: 1 };
    case "time":
      return { kind: "within", tag: tag.tag, days: 7 };
  }
}

const special = ["everybody", "count", "segment", "list", "similar"] as const;
type Special = (typeof special)[number];

const firstSpecial: Record<Special, Segment> = {
  everybody: { kind: "everybody" },
  count: { kind: "count", acts: ["like"], days: 7, from: 1 },
  segment: { kind: "segment", name: "" },
  list: { kind: "list", name: "" },
  similar: { kind: "similar", segment: "", size: 1000 },
};

function WhichPick({ of, tags, change }: { of: Segment; tags: Tag[]; change: Change }) {
  const { words, language } = useSettings();
  const t = words.segments;
  const choices = useMemo(
    () => [
      ...special.map((kind) => ({ value: `:${kind}`, label: t.special[kind], group: t.other_terms })),
      ...(["derived", "declared", "imported"] as const).flatMap((source) =>
        tags
          .filter((tag) => tag.source === source)
          .map((tag) => ({ value: tag.tag, label: tag[language], group: words.me.source[source] })),
      ),
    ],
    [tags, language, t, words],
  );
  const value = "tag" in of ? of.tag : `:${of.kind}`;
  return (
    <Pick
      className="term-which"
      value={value}
      choices={choices}
      aria-label={t.term}
      onChange={(name) => {
        if (name.startsWith(":")) change(firstSpecial[name.slice(1) as Special]);
        else change(firstOf(tags.find((tag) => tag.tag === name)!));
      }}
    />
  );
}

function Range({
  from,
  to,
  most,
  change,
}: {
  from?: number;
  to?: number;
  most?: number;
  change: (bounds: { from?: number; to?: number }) => void;
}) {
  const t = useSettings().words.segments;
  const bounds = (next: { from?: number | null; to?: number | null }) =>
    change({
      ...(next.from === null || next.from === undefined ? {} : { from: next.from }),
      ...(next.to === null || next.to === undefined ? {} : { to: next.to }),
    });
  return (
    <>
      <InputNumber
        min={0}
        max={most}
        whole
        value={from}
        placeholder={t.from}
        aria-label={t.from}
        onChange={(value) => bounds({ from: value, to })}
      />
      <span>–</span>
      <InputNumber
        min={0}
        max={most}
        whole
        value={to}
        placeholder={t.to}
        aria-label={t.to}
        onChange={(value) => bounds({ from, to: value })}
      />
    </>
  );
}

type DaysSegment = Extract<Segment, { kind: "days" }>;

function DaysDetails({ of, change }: { of: DaysSegment; change: Change }) {
  const t = useSettings().words.segments;
  return (
    <>
      <Input
        type="date"
        value={of.from ?? ""}
        aria-label={t.from}
        onChange={(event) => change({ ...of, from: event.target.value || undefined })}
      />
      <span>–</span>
      <Input
        type="date"
        value={of.to ?? ""}
        aria-label={t.to}
        onChange={(event) => change({ ...of, to: event.target.value || undefined })}
      />
    </>
  );
}

type WindowSegment = Extract<Segment, { kind: "count" }>;

function WindowDetails({ of, change }: { of: WindowSegment; change: Change }) {
  const t = useSettings().words.segments;
  return (
    <>
      <PickMany<ActKind>
        className="term-acts"
        value={of.acts}
        aria-label={t.acts}
        onChange={(acts) => change({ ...of, acts: acts.length ? acts : ["like"] })}
        choices={actKinds.map((value) => ({ value, label: t.act[value] }))}
      />
      <Input
        className="term-category"
        value={of.category ?? ""}
        placeholder={t.category}
        aria-label={t.category}
        onChange={(event) => {
          const { category: _gone, ...rest } = of;
          change(event.target.value ? { ...rest, category: event.target.value } : rest);
        }}
      />
      {t.last}
      <InputNumber
        min={1}
        max={90}
        whole
        value={of.days}
        aria-label={t.days}
        onChange={(days) => change({ ...of, days: days ?? 7 })}
      />
      {t.days}
      <Range
        from={of.from}
        to={of.to}
        most={255}
        change={({ from, to }) => {
          const { from: _from, to: _to, ...rest } = of;
          change({ ...rest, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
        }}
      />
    </>
  );
}

type SimilarSegment = Extract<Segment, { kind: "similar" }>;

function SimilarDetails({ of, change }: { of: SimilarSegment; change: Change }) {
  const t = useSettings().words.segments;
  return (
    <>
      <Input
        value={of.segment}
        placeholder={t.name}
        aria-label={t.name}
        onChange={(event) => change({ ...of, segment: event.target.value })}
      />
      <InputNumber
        min={1000}
        max={1_000_000}
        whole
        value={of.size}
        aria-label={t.size}
        onChange={(size) => change({ ...of, size: size ?? 1000 })}
      />
    </>
  );
}

function Details({ of, tags, change }: { of: Segment; tags: Tag[]; change: Change }) {
  const { words, language } = useSettings();
  const t = words.segments;
  const tag = "tag" in of ? tags.find((each) => each.tag === of.tag) : undefined;
  switch (of.kind) {
    case "in":
      return (
        <PickMany
          className="term-values"
          value={of.values}
          aria-label={t.values}
          onChange={(values) => change({ ...of, values })}
          choices={(tag?.values ?? []).map((value) => ({ value: value.value, label: value[language] }))}
        />
      );
    case "range":
      return (
        <Range
          from={of.from}
          to={of.to}
          most={tag?.greatest}
          change={(bounds) => change({ kind: "range", tag: of.tag, ...bounds })}
        />
      );
    case "within":
      return (
        <>
          {t.within}
          <InputNumber
            min={1}
            max={3660}
            whole
            value={of.days}
            aria-label={t.days}
            onChange={(days) => change({ ...of, days: days ?? 1 })}
          />
          {t.days}
        </>
      );
    case "days":
      return <DaysDetails of={of} change={change} />;
    case "count":
      return <WindowDetails of={of} change={change} />;
    case "segment":
    case "list":
      return (
        <Input
          value={of.name}
          placeholder={t.name}
          aria-label={t.name}
          onChange={(event) => change({ ...of, name: event.target.value })}
        />
      );
    case "similar":
      return <SimilarDetails of={of} change={change} />;
    default:
      return null;
  }
}

function Term({ of, tags, change, remove }: { of: Segment; tags: Tag[]; change: Change; remove?: () => void }) {
  const t = useSettings().words.segments;
  const negated = of.kind === "not";
  const inner = negated ? of.of : of;
  const wrap = (segment: Segment) => change(negated ? { kind: "not", of: segment } : segment);
  if (inner.kind === "and" || inner.kind === "or" || inner.kind === "not") {
    return (
      <Group
        of={inner.kind === "not" ? { kind: "and", of: [inner] } : inner}
        tags={tags}
        change={wrap}
        remove={remove}
        negated={negated}
        negate={() => change(negated ? inner : { kind: "not", of: inner })}
      />
    );
  }
  return (
    <div className="term">
      <Segmented
        size="small"
        value={negated ? "not" : "is"}
        aria-label={t.holds}
        options={[
          { value: "is", label: t.is },
          { value: "not", label: t.is_not },
        ]}
        onChange={(value) => change(value === "not" ? { kind: "not", of: inner } : inner)}
      />
      <WhichPick of={inner} tags={tags} change={wrap} />
      <Details of={inner} tags={tags} change={wrap} />
      {remove && <Button type="text" icon={<DeleteOutlined />} aria-label={t.remove} onClick={remove} />}
    </div>
  );
}

type GroupSegment = Extract<Segment, { kind: "and" | "or" }>;

function Group({
  of,
  tags,
  change,
  remove,
  negated,
  negate,
}: {
  of: GroupSegment;
  tags: Tag[];
  change: Change;
  remove?: () => void;
  negated?: boolean;
  negate?: () => void;
}) {
  const t = useSettings().words.segments;
  const put = (at: number, next: Segment | null) => {
    const rest = of.of.flatMap((inner, i) => (i === at ? (next ? [next] : []) : [inner]));
    change(rest.length === 1 && !remove ? rest[0]! : { kind: of.kind, of: rest });
  };
  const fresh: Segment = tags[0] ? firstOf(tags[0]) : { kind: "everybody" };
  return (
    <div className={`group group-${of.kind}`}>
      <div className="line">
        <Segmented
          size="small"
          value={of.kind}
          aria-label={t.joined}
          onChange={(kind) => change({ kind, of: of.of })}
          options={[
            { value: "and" as const, label: t.all_of },
            { value: "or" as const, label: t.any_of },
          ]}
        />
        {negate && (
          <Button size="small" type={negated ? "primary" : "default"} aria-pressed={negated} onClick={negate}>
            {t.none_of}
          </Button>
        )}
        {remove && <Button type="text" icon={<DeleteOutlined />} aria-label={t.remove} onClick={remove} />}
      </div>
      {of.of.map((inner, i) => (
        <Term key={i} of={inner} tags={tags} change={(next) => put(i, next)} remove={() => put(i, null)} />
      ))}
      <div className="line">
        <Button
          size="small"
          icon={<PlusOutlined />}
          onClick={() => change({ ...of, of: [...of.of, fresh] })}
        >
          {t.add_term}
        </Button>
        <Button
          size="small"
          icon={<PlusOutlined />}
          onClick={() =>
            change({ ...of, of: [...of.of, { kind: of.kind === "and" ? "or" : "and", of: [fresh, fresh] }] })
          }
        >
          {t.add_group}
        </Button>
      </div>
    </div>
  );
}

// One condition alone is shown as a group of one, so that another can be added.
export function SegmentForm({ of, tags, change }: { of: Segment; tags: Tag[]; change: Change }) {
  const group: GroupSegment =
    of.kind === "and" || of.kind === "or" ? of : { kind: "and", of: of.kind === "everybody" ? [] : [of] };
  return (
    <Group
      of={group}
      tags={tags}
      change={(next) => {
        const isGroup = next.kind === "and" || next.kind === "or";
        change(
          isGroup && next.of.length === 0
            ? { kind: "everybody" }
            : isGroup && next.of.length === 1
              ? next.of[0]!
              : next,
        );
      }}
    />
  );
}
