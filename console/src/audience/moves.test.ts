import { describe, expect, it } from "vitest";
import { shownMax, withMoves, type LiveMoves, type Move } from "./moves";

const move = (n: number, kind: Move["move"] = "enter"): Move => ({
  number: String(n),
  user: `u${n}`,
  move: kind,
  at: "2026-01-01T00:00:00Z",
});
const none: LiveMoves = { state: "live", moves: [], entered: 0, left: 0 };

describe("moves", () => {
  it("stand newest first and are counted by kind", () => {
    const live = withMoves(none, [move(1), move(2, "leave"), move(3)]);
    expect(live.moves.map((each) => each.number)).toEqual(["3", "2", "1"]);
    expect([live.entered, live.left]).toEqual([2, 1]);
  });
  it("that came before a break and come again count once", () => {
    const live = withMoves(withMoves(none, [move(1), move(2)]), [move(2), move(3)]);
    expect(live.moves.map((each) => each.number)).toEqual(["3", "2", "1"]);
    expect(live.entered).toBe(3);
  });
  it("are bounded in what is shown, and not in what is counted", () => {
    const many = Array.from({ length: shownMax + 50 }, (_, i) => move(i));
    const live = withMoves(none, many);
    expect(live.moves.length).toBe(shownMax);
    expect(live.moves[0]!.number).toBe(String(shownMax + 49));
    expect(live.entered).toBe(shownMax + 50);
  });
});
