// What pages for creators work out of counts by day. A day is a text such as "2022-04-25", on the operator's clock.

import type { Schemas } from "../api/client";

type Judged = Pick<Schemas["CountsByDay"], "likes" | "held" | "rejected">;
export type Series = Pick<Schemas["CreatorSeries"], "today" | "counted_from" | "days" | "falls"> &
  Partial<Pick<Schemas["SubjectSeries"], "published" | "publication_known" | "usual">> & {
    before: Judged;
    after: Judged;
  };
export type Which = "first" | "lately";

export const spanDays = 60;

const dayMs = 86_400_000;
const at = (day: string) => Date.parse(`${day}T00:00:00Z`);
export const plusDays = (day: string, days: number) => new Date(at(day) + days * dayMs).toISOString().slice(0, 10);
export const daysBetween = (from: string, to: string) => Math.round((at(to) - at(from)) / dayMs);

export const hasTwoSpans = (began: string | null | undefined, today: string) =>
  !!began && plusDays(began, spanDays - 1) < today;

// From the day on which it began; what was counted before that day moves to `before`.
export function since(series: Series, began: string | null | undefined): Series {
  const found = series.days.findIndex(({ day }) => !began || day >= began);
  const first = found < 0 ? series.days.length - 1 : found;
  const earlier = series.days.slice(0, first);
  const sum = (kind: keyof Judged) => earlier.reduce((all, day) => all + day[kind], series.before[kind]);
  return {
    ...series,
    before: { likes: sum("likes"), held: sum("held"), rejected: sum("rejected") },
    days: series.days.slice(first),
    usual: series.usual && { ...series.usual, days: series.usual.days.slice(first) },
  };
}

// Genuine likes that stand, all until each day.
export function standing(series: Series): number[] {
  let sum = series.before.likes;
  return series.days.map((day) => (sum += day.likes));
}

export interface Beside {
  likes: number;
  days: number;
  usual: Schemas["UsualAt"];
}

// The last day of which it is known what is usual: how the work stands there, and how many days it had then been out.
export function besideUsual(series: Series): Beside | null {
  const usual = series.usual?.days ?? [];
  const index = usual.findLastIndex((each) => each !== null);
  if (index < 0 || !series.published) return null;
  const days = daysBetween(series.published, series.days[index]!.day) + 1;
  return { likes: standing(series)[index]!, days, usual: usual[index]! };
}
export type Standing = "below" | "within" | "above";
export const standsAt = ({ likes, usual }: Beside): Standing =>
  likes < usual.low ? "below" : likes > usual.high ? "above" : "within";

// By how much the count fell on a day.
export const fellBy = (fall: Schemas["Fall"]) => fall.taken_out - fall.given_back;

export const nothingCounted = (series: Series) =>
  [series.before, ...series.days, series.after].every((each) => each.likes + each.held + each.rejected === 0);

// Hours that follow on each other become one stretch: 18-21 and 21-24 are 18-24.
export function stretches(hours: Schemas["HoursShare"][]): { from: number; to: number; share: number }[] {
  const all: { from: number; to: number; share: number }[] = [];
  for (const { from, to, share, best } of hours) {
    if (!best) continue;
    const before = all.at(-1);
    if (before?.to === from) {
      before.to = to;
      before.share += share;
    } else all.push({ from, to, share });
  }
  return all;
}

// From 0 to 8, the largest share of the week being 8: how dark a cell is.
export function shades(week: number[][]): number[][] {
  const most = Math.max(...week.flat(), 0);
  return week.map((day) => day.map((share) => (most > 0 ? Math.round((share / most) * 8) : 0)));
}
