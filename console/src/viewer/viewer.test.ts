import { describe, expect, it } from "vitest";
import type { Schemas } from "../api/client";
import { en } from "../words/en";
import { zh } from "../words/zh";
import { emptyFeed, feedAfter, nothingDone, onScreen, wantsMore, type FeedState, type Work } from "./feed_state";
import { randomOf } from "./poster";
import { reasonText, reasonTexts, type Reason } from "./reasons";
import { withConsent } from "./wishes";

const work = (subject: string): Work => ({
  item: {
    subject,
    creator: null,
    label: "organic",
    campaign: null,
    source: "taste",
    explored: false,
    worth: null,
    deviation: null,
    reasons: [],
    chances: { click: 0, long_view: 0, like: 0, follow: 0, comment: 0, dislike: 0, leave: 0 },
  },
  tags: [],
  title: "",
  durationMs: 1000,
  counts: null,
  mine: nothingDone,
  receipt: null,
});
const came = (state: FeedState, ...names: string[]) => feedAfter(state, { kind: "came", works: names.map(work) });

describe("the state of a feed", () => {
  it("adds what comes behind what is there, and nothing twice", () => {
    const state = came(came(emptyFeed, "a", "b"), "b", "c");
    expect(state.works.map((each) => each.item.subject)).toEqual(["a", "b", "c"]);
    expect(onScreen(state)).toBe("a,b,c");
  });
  it("has ended when nothing new came", () => {
    const state = came(came(emptyFeed, "a"), "a");
    expect(state.ended).toBe(true);
    expect(wantsMore(state)).toBe(false);
  });
  it("wants more when one work is left below", () => {
    const state = came(emptyFeed, "a", "b", "c", "d");
    expect(wantsMore(feedAfter(state, { kind: "moved", to: 1 }))).toBe(false);
    expect(wantsMore(feedAfter(state, { kind: "moved", to: 2 }))).toBe(true);
    expect(feedAfter(state, { kind: "moved", to: 99 }).current).toBe(3);
  });
  it("lets a like take the place of a dislike and the other way round", () => {
    let state = feedAfter(came(emptyFeed, "a"), { kind: "mine", subject: "a", change: { disliked: true } });
    state = feedAfter(state, { kind: "mine", subject: "a", change: { liked: true } });
    expect(state.works[0]!.mine).toMatchObject({ liked: true, disliked: false });
    state = feedAfter(state, { kind: "mine", subject: "a", change: { disliked: true } });
    expect(state.works[0]!.mine).toMatchObject({ liked: false, disliked: true });
  });
  it("believes the server about what was done", () => {
    const counts = { likes: 7 } as Schemas["Tally"];
    const state = feedAfter(came(emptyFeed, "a"), {
      kind: "counted",
      subject: "a",
      counts,
      mine: { ...nothingDone, liked: true },
    });
    expect(state.works[0]).toMatchObject({ counts, mine: { liked: true } });
  });
});

describe("reasons in words", () => {
  const kinds = [
    "similar",
    "taste",
    "content",
    "followed",
    "trending",
    "scene",
    "fresh",
    "pinned",
    "campaign",
    "rule",
    "unknown",
  ] as const;
  it.each(kinds)("has words for %s in both languages", (kind) => {
    const reason: Reason = { kind, subject: "2303", tag: "9", creator: "ann", rule: "r1" };
    for (const words of [en, zh]) expect(reasonText(reason, words).length).toBeGreaterThan(3);
    expect(reasonText(reason, en)).not.toBe(reasonText(reason, zh));
  });
  it("names what it is about", () => {
    expect(reasonText({ kind: "similar", subject: "2303" }, en)).toContain("2303");
    expect(reasonText({ kind: "content", tag: "9" }, zh)).toContain("#9");
  });
  it("tells one reason once", () => {
    expect(reasonTexts([{ kind: "taste" }, { kind: "trending" }, { kind: "taste" }], en)).toHaveLength(2);
  });
});

describe("small things", () => {
  it("draws the same work alike each time", () => {
    const [a, b] = [randomOf("work 1"), randomOf("work 1")];
    expect([a(), a(), a()]).toEqual([b(), b(), b()]);
    expect(randomOf("work 2")()).not.toBe(randomOf("work 1")());
  });
  it("changes one consent and nothing else", () => {
    expect(withConsent({ region: "cn-bj", custom: { fans: 3 } }, "personalisation", false)).toEqual({
      region: "cn-bj",
      custom: { fans: 3, "consent.personalisation": false },
    });
  });
});
