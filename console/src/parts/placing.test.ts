import { describe, expect, it } from "vitest";
import { Placing } from "./placing";

// The same sequence of numbers below `end` for the same seed (Lehmer's generator).
function numbers(seed: number): (end: number) => number {
  let state = seed;
  return (end) => {
    state = (state * 48271) % 2147483647;
    return state % end;
  };
}

// The dumb twin: a height for each row, summed one by one.
class Twin {
  heights: number[];
  constructor(guess: number, rows: number) {
    this.heights = Array.from({ length: rows }, () => guess);
  }
  top(row: number): number {
    return this.heights.slice(0, row).reduce((sum, height) => sum + height, 0);
  }
  at(place: number): number {
    let row = 0;
    while (row + 1 < this.heights.length && this.top(row + 1) <= place) ++row;
    return row;
  }
}

describe("the placing of rows", () => {
  it.each([1, 2, 3, 4, 5, 6])("says what a sum over all heights says (seed %i)", (seed) => {
    const next = numbers(seed);
    const guess = 20 + next(60);
    const rows = 1 + next(400);
    const placing = new Placing(guess);
    const twin = new Twin(guess, rows);
    for (let round = 0; round < 150; ++round) {
      const row = next(rows);
      // Quarters of pixels, which sums keep exactly.
      const height = (1 + next(800)) / 4;
      expect(placing.measured(row, height)).toBe(twin.heights[row] !== height);
      twin.heights[row] = height;
      const asked = next(rows + 1);
      expect(placing.top(asked)).toBe(twin.top(asked));
      const place = next(4 * twin.top(rows)) / 4;
      expect(placing.at(place)).toBe(twin.at(place));
      expect(placing.at(twin.top(row))).toBe(row);
    }
  });
  it("goes on as guessed beyond what was measured", () => {
    const placing = new Placing(50);
    placing.measured(2, 80);
    expect(placing.top(1_000_000)).toBe(50_000_030);
    expect(placing.at(50_000_029)).toBe(999_999);
    expect(placing.at(50_000_030)).toBe(1_000_000);
    expect(placing.at(-7)).toBe(0);
  });
  it("forgets what was measured", () => {
    const placing = new Placing(50);
    placing.measured(2, 80);
    placing.forget();
    expect(placing.top(3)).toBe(150);
    expect(placing.measured(2, 80)).toBe(true);
    expect(placing.top(3)).toBe(180);
  });
  it("places a million rows of which each was measured", () => {
    const placing = new Placing(50);
    for (let row = 0; row < 1_000_000; ++row) placing.measured(row, row % 2 === 0 ? 40 : 61);
    expect(placing.top(1_000_000)).toBe(50_500_000);
    expect(placing.at(50_499_999)).toBe(999_999);
    expect(placing.at(25_250_000)).toBe(500_000);
  });
});
