import { describe, expect, it } from "vitest";
import type { Schemas } from "../api/client";
import { standingLikes } from "./like_times";

type Event = Schemas["LoggedEvent"];
const event = (number: number, actor: string, type: Event["type"], more: Partial<Event> = {}): Event => ({
  type,
  version: 1,
  number,
  at: `2026-01-01T00:00:${String(number).padStart(2, "0")}.000Z`,
  received: "",
  incentivised: false,
  changed: true,
  replaced: "nothing",
  replaced_incentivised: false,
  verdict: "genuine",
  actor,
  subject: "w",
  creator: "",
  region: "",
  surface: "",
  text_sha256: null,
  ...more,
});

describe("likes that stand", () => {
  it("are the last word of each person", () => {
    const likes = standingLikes([
      event(3, "a", "unlike"),
      event(1, "a", "like"),
      event(2, "b", "like"),
      event(4, "c", "dislike"),
      event(5, "d", "comment"),
    ]);
    expect(likes).toEqual([event(2, "b", "like").at]);
  });
  it("are gone when a later verdict takes them out, and back when one brings them back", () => {
    const like = event(1, "a", "like");
    const verdict = (number: number, to: Event["verdict"]) =>
      event(number, "a", "verdict", { at: like.at, verdict: to });
    expect(standingLikes([like, verdict(2, "rejected")])).toEqual([]);
    expect(standingLikes([like, verdict(2, "rejected"), verdict(3, "genuine")])).toEqual([like.at]);
    expect(standingLikes([like, event(2, "a", "verdict", { verdict: "rejected" })])).toEqual([like.at]);
  });
  it("leave out what was rewarded, held, or had no effect", () => {
    expect(
      standingLikes([
        event(1, "a", "like", { incentivised: true }),
        event(2, "b", "like", { verdict: "held" }),
        event(3, "c", "like", { changed: false }),
      ]),
    ).toEqual([]);
    expect(standingLikes([event(1, "a", "like", { verdict: "unjudged" })])).toHaveLength(1);
  });
});
