import { describe, expect, it } from "vitest";
import { Come } from "./come";

describe("pages that have come", () => {
  it("are one list, whatever their sizes, empty ones among them", () => {
    const sizes = [3, 0, 1, 50, 0, 0, 7, 1000, 0];
    let next = 0;
    const pages = sizes.map((size) => ({ items: Array.from({ length: size }, () => next++) }));
    const come = new Come(pages);
    expect(come.count).toBe(1061);
    for (let i = 0; i < come.count; ++i) expect(come.at(i)).toBe(i);
    expect(come.map((item) => item)).toEqual(pages.flatMap((page) => page.items));
    expect(new Come([]).count).toBe(0);
  });
});
