import { describe, expect, it } from "vitest";
import { differences, noChange, policyOf, scaleOf, toldOf, type Policy, type Rate } from "./experiment";

const now: Policy = {
  worth: { click: 0.1, long_view: 0.5, like: 1, follow: 2, comment: 1, dislike: -3, leave: -1 },
  per_creator_max: 2,
  tag_repeat: 0.7,
  explore_share: 0.1,
  explore_shown_max: 100,
  explore_days: 30,
  seen_days: 30,
  top_share_max: 0.5,
};
const rate = (difference: number, decided: string | null): Rate => ({
  of_showings: 0.1,
  by_person: 0.1,
  interval: { low: 0, high: 0.2 },
  difference,
  difference_interval: { low: difference - 0.05, high: difference + 0.02 },
  decided_at: decided,
});

describe("an experiment", () => {
  it("sends what differs and nothing else", () => {
    expect(policyOf(noChange, now)).toEqual({});
    expect(policyOf({ worth: {}, set: { explore_share: 0.2, seen_days: 30 } }, now)).toEqual({ explore_share: 0.2 });
    expect(policyOf({ worth: { like: 3 }, set: {} }, now)).toEqual({ worth: { like: 3 } });
  });
  it("says how policies differ", () => {
    expect(differences(now, now)).toEqual([]);
    const other = { ...now, explore_share: 0.2, worth: { ...now.worth, like: 3 } };
    expect(differences(other, now)).toEqual([
      { name: "like", worth: true, was: 1, is: 3 },
      { name: "explore_share", worth: false, was: 0.1, is: 0.2 },
    ]);
  });
  it("tells better from worse by what the policy wants, and not yet from no", () => {
    const at = "2026-01-01T00:00:00Z";
    expect(toldOf(rate(0.1, at), 1)).toBe("better");
    expect(toldOf(rate(-0.1, at), 1)).toBe("worse");
    expect(toldOf(rate(0.1, at), -1)).toBe("worse");
    expect(toldOf(rate(0.1, null), 1)).toBe("not_yet");
    expect(toldOf(rate(0.1, at), 0)).toBe("different");
    expect(toldOf({ of_showings: 0, by_person: 0, interval: { low: 0, high: 1 } }, 1)).toBe("control");
  });
  it("has one scale for all its lines, also where nothing is known", () => {
    expect(scaleOf([rate(0.1, null), rate(-0.2, null)])).toBeCloseTo(0.25);
    expect(scaleOf([])).toBeGreaterThan(0);
  });
});
