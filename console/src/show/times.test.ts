import { describe, expect, it } from "vitest";
import { byDay, byHour } from "../creator/days";
import { ago, dayOf, hourOf, time } from "./times";

const at = "2026-11-22T23:30:05.123456Z";

describe("times", () => {
  it("are told in the zone that was chosen", () => {
    expect(time(at, "en", "UTC")).toBe("22 Nov 2026, 23:30");
    expect(time(at, "en", "Asia/Shanghai")).toBe("23 Nov 2026, 07:30");
    expect(time(at, "zh", "Asia/Shanghai")).toBe("2026年11月23日 07:30");
    expect(dayOf(at, "Asia/Shanghai")).toBe("2026-11-23");
    expect(hourOf(at, "UTC")).toBe(23);
    expect(time("nonsense", "en", "UTC")).toBe("nonsense");
  });
  it("say how far away they are", () => {
    expect(ago("2026-11-22T00:00:00Z", Date.parse("2026-11-22T03:10:00Z"), "en")).toBe("3 hours ago");
    expect(ago("2026-11-22T05:00:00Z", Date.parse("2026-11-22T00:00:00Z"), "zh")).toBe("5小时后");
  });
});

describe("likes by day and hour", () => {
  it("show a day without any as none", () => {
    expect(byDay(["2026-01-01T10:00:00Z", "2026-01-03T10:00:00Z", "2026-01-01T11:00:00Z"], "UTC")).toEqual([
      ["2026-01-01", 2],
      ["2026-01-02", 0],
      ["2026-01-03", 1],
    ]);
    expect(byDay([], "UTC")).toEqual([]);
  });
  it("add up to all likes", () => {
    const hours = byHour([at, at, "2026-01-01T00:00:00Z"], "UTC");
    expect(hours).toHaveLength(24);
    expect(hours[23]).toEqual(["23:00", 2]);
    expect(hours.reduce((sum, [, n]) => sum + n, 0)).toBe(3);
  });
});
