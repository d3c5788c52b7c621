import { describe, expect, it } from "vitest";
import type { Schemas } from "../api/client";
import { newCases, whatChanged } from "./tour";

const feed = (...items: [string, Schemas["FeedReason"][]][]) =>
  ({ items: items.map(([subject, reasons]) => ({ subject, reasons })) }) as unknown as Schemas["Feed"];

describe("the tour", () => {
  it("shows what is new in a feed, what the like led to first", () => {
    const changes = whatChanged(
      feed(["a", []], ["b", []]),
      feed(["b", []], ["c", [{ kind: "trending" }]], ["d", [{ kind: "similar", subject: "a" }]]),
      "a",
    );
    expect(changes.map(({ subject, follows }) => [subject, follows])).toEqual([
      ["d", true],
      ["c", false],
    ]);
  });
  it("takes only cases that were not there before", () => {
    const page = { items: [{ case: "c1" }, { case: "c2" }], next: null } as unknown as Schemas["CasePage"];
    expect(newCases(page, new Set(["c1"])).map((each) => each.case)).toEqual(["c2"]);
  });
});
