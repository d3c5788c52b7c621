import { describe, expect, it } from "vitest";
import type { Schemas } from "../api/client";
import {
  besideUsual,
  fellBy,
  hasTwoSpans,
  nothingCounted,
  plusDays,
  shades,
  since,
  standing,
  standsAt,
  stretches,
  type Series,
} from "./series";

const kinds = {
  likes: 0,
  views: 0,
  completes: 0,
  comments: 0,
  shares: 0,
  follows: 0,
  profile_visits: 0,
  unlikes: 0,
  taken_out: 0,
  given_back: 0,
};
const counts = (more: Partial<Schemas["CountsByDay"]> = {}): Schemas["CountsByDay"] => ({
  ...kinds,
  held: 0,
  rejected: 0,
  incentivised: kinds,
  ...more,
});
const series = (likes: number[], more: Partial<Series> = {}): Series => ({
  today: "2022-05-08",
  counted_from: "2022-05-01",
  published: "2022-05-01",
  before: counts(),
  days: likes.map((n, i) => ({ day: plusDays("2022-05-01", i), ...counts({ likes: n }) })),
  after: counts(),
  falls: [],
  ...more,
});

const usual = { works: 3, low: 2, median: 4, high: 6 };

describe("which days", () => {
  const early = series([1, 2, 3], { before: counts({ likes: 4, held: 1 }) });
  it("are those since it began, after what was before", () => {
    const cut = since({ ...early, usual: { works: 3, works_min: 3, days: [null, null, usual] } }, "2022-05-03");
    expect(cut.days.map(({ day }) => day)).toEqual(["2022-05-03"]);
    expect(cut.before).toEqual({ likes: 7, held: 1, rejected: 0 });
    expect(cut.usual?.days).toEqual([usual]);
    expect(standing(cut).at(-1)).toBe(standing(early).at(-1));
  });
  it("are all where it began before them, and one where it has yet to begin", () => {
    expect(since(early, "2022-04-01").days.length).toBe(3);
    expect(since(early, null).days.length).toBe(3);
    expect(since(early, "2022-06-01").days.map(({ day }) => day)).toEqual(["2022-05-03"]);
  });
  it("are only chosen where they differ", () => {
    expect(hasTwoSpans("2022-05-01", "2022-05-08")).toBe(false);
    expect(hasTwoSpans("2022-01-01", "2022-05-08")).toBe(true);
    expect(hasTwoSpans(null, "2022-05-08")).toBe(false);
  });
});

describe("likes that stand", () => {
  it("add up from what was before", () => {
    expect(standing(series([1, 0, 2], { before: counts({ likes: 10 }) }))).toEqual([11, 11, 13]);
  });
  it("are compared where it is known what is usual", () => {
    const known = series([1, 2, 9], { usual: { works: 3, works_min: 3, days: [usual, usual, null] } });
    expect(besideUsual(known)).toEqual({ likes: 3, days: 2, usual });
    expect(standsAt({ likes: 3, days: 2, usual })).toBe("within");
    expect(standsAt({ likes: 1, days: 2, usual })).toBe("below");
    expect(standsAt({ likes: 7, days: 2, usual })).toBe("above");
    expect(besideUsual(series([1], { usual: { works: 1, works_min: 3, days: [null] } }))).toBeNull();
    expect(besideUsual(series([1]))).toBeNull();
  });
  it("may be none at all", () => {
    expect(nothingCounted(series([0, 0]))).toBe(true);
    expect(nothingCounted(series([0, 1]))).toBe(false);
    expect(nothingCounted(series([0], { after: counts({ held: 1 }) }))).toBe(false);
  });
  it("fall by what was taken out and not given back", () => {
    expect(fellBy({ day: "2022-05-07", taken_out: 40, given_back: 3 })).toBe(37);
  });
});

describe("the best times", () => {
  const hour = (from: number, share: number, best: boolean) => ({
    from,
    to: from + 3,
    share,
    low: 0,
    high: 1,
    best,
  });
  it("join hours that follow on each other", () => {
    expect(stretches([hour(9, 0.2, true), hour(12, 0.1, false), hour(18, 0.25, true), hour(21, 0.25, true)])).toEqual([
      { from: 9, to: 12, share: 0.2 },
      { from: 18, to: 24, share: 0.5 },
    ]);
    expect(stretches([])).toEqual([]);
  });
  it("are shaded by the largest", () => {
    expect(shades([[0, 0.1], [0.05, 0.025]])).toEqual([[0, 8], [4, 2]]);
    expect(shades([])).toEqual([]);
    expect(shades([[0, 0]])).toEqual([[0, 0]]);
  });
});
