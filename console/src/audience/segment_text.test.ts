import { describe, expect, it } from "vitest";
import { Mistake, readSegment, shiftDay, writeSegment, type Segment } from "./segment_text";

describe("text to tree", () => {
  it("reads the example of the docs", () => {
    const text =
      'region in ("cn-bj", "cn-sh") and age_band = "25-34"\n  and count(like, category: "beauty", last 7d) >= 3 and not spends = "low"';
    expect(readSegment(text)).toEqual({
      kind: "and",
      of: [
        { kind: "in", tag: "region", values: ["cn-bj", "cn-sh"] },
        { kind: "in", tag: "age_band", values: ["25-34"] },
        { kind: "count", acts: ["like"], category: "beauty", days: 7, from: 3 },
        { kind: "not", of: { kind: "in", tag: "spends", values: ["low"] } },
      ],
    });
  });
  it("binds not closest, then and, then or", () => {
    expect(readSegment("not a and b or c")).toEqual({
      kind: "or",
      of: [
        {
          kind: "and",
          of: [
            { kind: "not", of: { kind: "flag", tag: "a" } },
            { kind: "flag", tag: "b" },
          ],
        },
        { kind: "flag", tag: "c" },
      ],
    });
  });
  it("turns comparisons into bounds", () => {
    expect(readSegment("n < 3")).toEqual({ kind: "range", tag: "n", to: 2 });
    expect(readSegment("n > 3")).toEqual({ kind: "range", tag: "n", from: 4 });
    expect(readSegment("n != 3")).toEqual({ kind: "not", of: { kind: "range", tag: "n", from: 3, to: 3 } });
    expect(readSegment('d < "2024-03-01"')).toEqual({ kind: "days", tag: "d", to: "2024-02-29" });
  });
  it("tells a mistake with its place", () => {
    const mistake = (text: string) => {
      try {
        readSegment(text);
      } catch (error) {
        return error as Mistake;
      }
      throw new Error("no mistake");
    };
    expect(mistake("a and")).toMatchObject({ line: 1, column: 6 });
    expect(mistake("a\n  and ?")).toMatchObject({ line: 2, column: 7 });
    expect(mistake("count(dance, last 7d) >= 1")).toMatchObject({ line: 1, column: 7, expected: "act" });
    expect(mistake('region in ("a"')).toMatchObject({ expected: ")" });
    expect(mistake("")).toMatchObject({ expected: "tag" });
  });
});

// Trees of every shape, by a fixed generator.
function* trees(count: number): Generator<Segment> {
  let seed = 7;
  const random = (n: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return Math.floor((seed / 2147483648) * n);
  };
  const leaf = (): Segment => {
    const leaves: Segment[] = [
      { kind: "everybody" },
      { kind: "flag", tag: "daily" },
      { kind: "in", tag: "region", values: ["cn-bj"] },
      { kind: "in", tag: "region", values: ['with "quotes"', "back\\slash"] },
      { kind: "known", tag: "age_band" },
      { kind: "range", tag: "active_days", from: 3 },
      { kind: "range", tag: "active_days", to: 9 },
      { kind: "range", tag: "active_days", from: 3, to: 9 },
      { kind: "days", tag: "first_active", from: "2024-02-29" },
      { kind: "days", tag: "first_active", from: "2024-01-01", to: "2024-02-29" },
      { kind: "within", tag: "last_active", days: 7 },
      { kind: "count", acts: ["like", "share"], category: "pets", days: 7, from: 3 },
      { kind: "count", acts: ["view"], days: 30, from: 1, to: 4 },
      { kind: "segment", name: "a b" },
      { kind: "list", name: "x" },
      { kind: "similar", segment: "s", size: 5000 },
    ];
    return leaves[random(leaves.length)]!;
  };
  const tree = (depth: number): Segment => {
    const pick = depth === 0 ? 3 : random(4);
    if (pick === 0) return { kind: "not", of: tree(depth - 1) };
    if (pick < 3)
      return { kind: pick === 1 ? "and" : "or", of: Array.from({ length: 2 + random(3) }, () => tree(depth - 1)) };
    return leaf();
  };
  for (let i = 0; i < count; ++i) yield tree(4);
}

describe("tree to text and back", () => {
  it("gives the same tree for every shape", () => {
    for (const tree of trees(400)) expect(readSegment(writeSegment(tree))).toEqual(tree);
  });
  it("writes what the server writes", () => {
    for (const text of [
      'interest.kuai_39 in ("clear", "some", "strong")',
      "count(view, last 7d) >= 3",
      "not daily",
      "everybody",
      'first_active >= "2024-02-29"',
      "last_active within 7d",
      'similar to segment("x") size 5000',
    ]) {
      expect(writeSegment(readSegment(text))).toBe(text);
    }
  });
  it("counts days over months and leap years", () => {
    expect(shiftDay("2024-03-01", -1)).toBe("2024-02-29");
    expect(shiftDay("2023-12-31", 1)).toBe("2024-01-01");
  });
});
