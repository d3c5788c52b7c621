// What the page works out of an experiment's form and report.

import type { Schemas } from "../api/client";

export type Experiment = Schemas["FeedExperiments"]["experiments"][number];
export type Report = NonNullable<Experiment["report"]>;
export type Arm = Report["arms"][number];
export type Rate = Schemas["FeedExperimentRate"];
export type Preferences = NonNullable<Experiment["preferences"]>;
export type Policy = Schemas["FeedPolicy"];

export const signals = ["click", "long_view", "like", "follow", "comment", "dislike", "leave"] as const;
export type Signal = (typeof signals)[number];
export const settings = [
  "per_creator_max",
  "tag_repeat",
  "explore_share",
  "explore_shown_max",
  "explore_days",
  "seen_days",
  "top_share_max",
] as const;
export type Setting = (typeof settings)[number];

// What an arm changes: of each name that was filled in, its value.
export interface Change {
  worth: Partial<Record<Signal, number>>;
  set: Partial<Record<Setting, number>>;
}

export const noChange: Change = { worth: {}, set: {} };

// What is sent: only what differs from the policy in force.
export function policyOf(change: Change, now: Policy): Record<string, unknown> {
  const set = Object.fromEntries(
    settings.filter((name) => differs(change.set[name], now[name])).map((name) => [name, change.set[name]]),
  );
  const worth = Object.fromEntries(
    signals.filter((name) => differs(change.worth[name], now.worth[name])).map((name) => [name, change.worth[name]]),
  );
  return Object.keys(worth).length > 0 ? { ...set, worth } : set;
}

const differs = (value: number | undefined, now: number) => value !== undefined && value !== now;

// How an arm's policy differs from the one of another: names with the value there and here.
export function differences(
  of: Policy,
  from: Policy,
): { name: Signal | Setting; worth: boolean; was: number; is: number }[] {
  return [
    ...signals.map((name) => ({ name, worth: true, was: from.worth[name], is: of.worth[name] })),
    ...settings.map((name) => ({ name, worth: false, was: from[name], is: of[name] })),
  ].filter((each) => each.was !== each.is);
}

// A preference as a difference from nobody's.
export function rateOf(of: Schemas["FeedPreference"]): Rate {
  const interval = of.interval;
  return {
    of_showings: 0,
    by_person: 0,
    interval,
    difference: of.preference,
    difference_interval: interval,
    decided_at: of.decided_at,
  };
}

export type Told = "better" | "worse" | "different" | "not_yet" | "control";

// What is decided of a rate. More of these two is worse; whether more of the others is better, the policy's worth says.
export function toldOf(rate: Rate, worth: number): Told {
  if (rate.difference === undefined) return "control";
  if (rate.decided_at === undefined || rate.decided_at === null) return "not_yet";
  if (worth === 0) return "different";
  return rate.difference > 0 === worth > 0 ? "better" : "worse";
}

// The widest of what is drawn beside zero, so that all lines of a table have one scale.
export function scaleOf(rates: Rate[]): number {
  return Math.max(
    1e-9,
    ...rates.flatMap((rate) =>
      rate.difference_interval ? [Math.abs(rate.difference_interval.low), Math.abs(rate.difference_interval.high)] : [],
    ),
  );
}
