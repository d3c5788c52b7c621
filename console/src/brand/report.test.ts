import { describe, expect, it } from "vitest";
import { entriesOf, type Page } from "./report";

const page = (from: number, n: number, next: string | null, pending = 0): Page => ({
  items: Array.from({ length: n }, (_, i) => ({ index: from + i })) as unknown as Page["items"],
  pending,
  next,
});

describe("the entries of a report", () => {
  it("are all pages, in order, with what the first said is pending", async () => {
    const told: number[] = [];
    const cursors: (string | undefined)[] = [];
    const all = await entriesOf(
      (cursor) => {
        cursors.push(cursor);
        return Promise.resolve(cursor === undefined ? page(0, 3, "b", 2) : page(3, 1, null, 9));
      },
      (n) => told.push(n),
    );
    expect(cursors).toEqual([undefined, "b"]);
    expect(told).toEqual([3, 4]);
    expect(all.items.length).toBe(4);
    expect([all.pending, all.all]).toEqual([2, true]);
  });
  it("say so where there are more than go in", async () => {
    const some = await entriesOf(
      (cursor) => Promise.resolve(page(0, 3, cursor ?? "x")),
      () => undefined,
      5,
    );
    expect(some.items.length).toBe(5);
    expect(some.all).toBe(false);
  });
  it("may be none", async () => {
    const none = await entriesOf(
      () => Promise.resolve(page(0, 0, null)),
      () => undefined,
    );
    expect(none).toEqual({ items: [], pending: 0, all: true });
  });
});
