import { describe, expect, it } from "vitest";
import { squeezeOf, tallestPx, toRows, toWindow } from "./squeeze";

describe("a list", () => {
  it("that is not too tall is as tall as it is", () => {
    const some = squeezeOf(300, 50_000, 900);
    expect(some.tall).toBe(50_000);
    for (const y of [0, 300, 301, 49_000, 60_000]) expect([toRows(some, y), toWindow(some, y)]).toEqual([y, y]);
  });
  it("that is too tall begins, ends and is passed where it should be", () => {
    const all = squeezeOf(300, 38_000_000, 900);
    expect(all.tall).toBe(tallestPx);
    expect(toRows(all, 0)).toBe(0);
    expect(toRows(all, 300)).toBe(300);
    expect(toRows(all, 300 + tallestPx - 900)).toBe(300 + 38_000_000 - 900);
    expect(toRows(all, 300 + tallestPx)).toBe(300 + 38_000_000);
  });
  it("has one place for each place, there and back, always further down", () => {
    const all = squeezeOf(300, 38_000_000, 900);
    let before = -1;
    for (let y = 0; y < tallestPx + 2000; y += 77_777) {
      const there = toRows(all, y);
      expect(there).toBeGreaterThan(before);
      expect(toWindow(all, there)).toBeCloseTo(y, 3);
      before = there;
    }
  });
});
