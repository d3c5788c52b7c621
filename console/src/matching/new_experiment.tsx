// The form of a new experiment: arms with their shares, and what each changes of the policy in force.

import { useState } from "react";
import { api, ask } from "../api/client";
import { Button, Fold, Input, InputNumber, Radios } from "../controls/controls";
import { Share } from "../parts/figures";
import { WithReason } from "../parts/with_reason";
import { useSettings } from "../theme/settings";
import { noChange, policyOf, settings, signals, type Change, type Policy } from "./experiment";

interface ArmDraft {
  name: string;
  percent: number;
  change: Change;
}

const armsMax = 15;
const freshArm = (n: number): ArmDraft => ({ name: `B${n > 1 ? n : ""}`, percent: 45, change: noChange });

// Empty means: as in force, which stands in the field in grey.
function Changes({ of, now, change }: { of: Change; now: Policy; change: (next: Change) => void }) {
  const { words } = useSettings();
  const t = words.matching;
  const field = (name: string, value: number | undefined, was: number, take: (value: number | undefined) => void) => (
    <label key={name} className="field">
      {name}
      <InputNumber
        value={value ?? null}
        placeholder={String(was)}
        aria-label={name}
        onChange={(next) => take(next ?? undefined)}
      />
    </label>
  );
  return (
    <div className="policy">
      {settings.map((name) =>
        field(t.setting[name], of.set[name], now[name], (value) =>
          change({ ...of, set: { ...of.set, [name]: value } }),
        ),
      )}
      {signals.map((name) =>
        field(`${t.worth}: ${words.feed.signal[name]}`, of.worth[name], now.worth[name], (value) =>
          change({ ...of, worth: { ...of.worth, [name]: value } }),
        ),
      )}
    </div>
  );
}

interface PercentProps {
  label: string;
  name?: string; // what a screen reader says, where the label alone is not enough
  value: number;
  min?: number;
  max?: number;
  change: (next: number) => void;
}

function Percent({ label, name = label, value, min = 0, max = 100, change }: PercentProps) {
  return (
    <label className="field">
      {label}
      <InputNumber
        value={value}
        min={min}
        max={max}
        suffix="%"
        aria-label={name}
        onChange={(next) => change(next ?? min)}
      />
    </label>
  );
}

interface ArmProps {
  of: ArmDraft;
  now: Policy;
  change: (next: ArmDraft) => void;
  remove?: () => void;
}

function ArmFields({ of, now, change, remove }: ArmProps) {
  const { words } = useSettings();
  const t = words.experiments;
  const changed = Object.keys(policyOf(of.change, now)).length > 0;
  return (
    <div className="arm">
      <div className="line">
        <label className="field grow">
          {t.arm}
          <Input value={of.name} maxLength={100} onChange={(event) => change({ ...of, name: event.target.value })} />
        </label>
        <Percent
          label={t.share}
          name={`${t.share}: ${of.name}`}
          value={of.percent}
          min={0.01}
          change={(percent) => change({ ...of, percent })}
        />
        {remove && (
          <Button type="text" onClick={remove} aria-label={t.remove_arm(of.name)}>
            {words.segments.remove}
          </Button>
        )}
      </div>
      <Fold label={changed ? t.changes : t.changes_nothing}>
        <Changes of={of.change} now={now} change={(next) => change({ ...of, change: next })} />
      </Fold>
    </div>
  );
}

interface Draft {
  name: string;
  interleaved: boolean;
  control: number;
  holdout: number;
  arms: ArmDraft[];
}

const inIt = (of: Draft) => (of.interleaved ? 0 : of.control) + of.arms.reduce((sum, arm) => sum + arm.percent, 0);
// Interleaved lists have one arm, and no control.
const asAsked = (of: Draft, interleaved: boolean): Draft => ({
  ...of,
  interleaved,
  arms: interleaved ? of.arms.slice(0, 1) : of.arms,
});
const freshDraft = (): Draft => ({ name: "", interleaved: false, control: 45, holdout: 5, arms: [freshArm(1)] });

function Fields({ of, now, change }: { of: Draft; now: Policy; change: (next: Draft) => void }) {
  const { words } = useSettings();
  const t = words.experiments;
  const shares = inIt(of);
  const put = (at: number, arm: ArmDraft) => change({ ...of, arms: of.arms.map((each, i) => (i === at ? arm : each)) });
  return (
    <>
      <label className="field">
        {words.segments.name}
        <Input value={of.name} maxLength={100} onChange={(event) => change({ ...of, name: event.target.value })} />
      </label>
      <Radios
        aria-label={t.how}
        value={of.interleaved ? "one" : "beside"}
        onChange={(how) => change(asAsked(of, how === "one"))}
        options={[
          { value: "beside", label: t.beside_control },
          { value: "one", label: t.one_list },
        ]}
      />
      <p className="soft small">{of.interleaved ? t.one_list_why : t.beside_control_why}</p>
      <div className="line">
        {!of.interleaved && (
          <Percent label={t.control} value={of.control} min={0.01} change={(control) => change({ ...of, control })} />
        )}
        <Percent label={t.holdout} value={of.holdout} max={50} change={(holdout) => change({ ...of, holdout })} />
      </div>
      {of.arms.map((arm, i) => (
        <ArmFields
          key={i}
          of={arm}
          now={now}
          change={(next) => put(i, next)}
          remove={of.arms.length > 1 ? () => change({ ...of, arms: of.arms.filter((_, at) => at !== i) }) : undefined}
        />
      ))}
      <div className="line">
        <Button
          disabled={of.interleaved || of.arms.length >= armsMax}
          onClick={() => change({ ...of, arms: [...of.arms, freshArm(of.arms.length + 1)] })}
        >
          {t.add_arm}
        </Button>
        <span className={shares > 100 ? "problem" : "soft small"}>
          {t.in_it} <Share value={shares / 100} />
          {shares > 100 && ` – ${t.too_much}`}
        </span>
      </div>
      <p className="soft small">{t.holdout_why}</p>
    </>
  );
}

export function NewExperiment({ now, running, onDone }: { now: Policy; running: boolean; onDone: () => void }) {
  const { words } = useSettings();
  const t = words.experiments;
  const [draft, setDraft] = useState(freshDraft);
  const shares = inIt(draft);
  const changes = draft.arms.some((arm) => Object.keys(policyOf(arm.change, now)).length > 0);
  const send = (why: string) =>
    ask(
      api.POST("/v1/feed/experiments", {
        body: {
          name: draft.name.trim(),
          interleaved: draft.interleaved,
          ...(draft.interleaved ? {} : { control_share: draft.control / 100 }),
          holdout_share: draft.holdout / 100,
          arms: draft.arms.map((arm) => ({
            name: arm.name.trim(),
            share: arm.percent / 100,
            policy: policyOf(arm.change, now) as Record<string, never>,
          })),
          why,
        },
      }),
    );
  return (
    <WithReason
      label={t.start}
      note={t.start_why}
      ready={draft.name.trim() !== "" && draft.arms.every((arm) => arm.name.trim()) && shares <= 100 && changes}
      button={{ type: "primary", disabled: running }}
      onOpen={() => setDraft(freshDraft())}
      send={send}
      onDone={onDone}
    >
      <Fields of={draft} now={now} change={setDraft} />
    </WithReason>
  );
}
