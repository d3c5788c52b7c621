// Who enters and leaves a watched segment, as it happens, and what happened while this page was open. The stream goes on
// by itself after a break, from the last move that came.

import { useEffect, useState } from "react";
import type { Schemas } from "../api/client";

export type Move = Schemas["Moves"]["moves"][number];

export interface LiveMoves {
  state: "connecting" | "live" | "broken";
  moves: Move[];
  entered: number;
  left: number;
}

export const shownMax = 200;
const drawMs = 250;

// The newest first, each once, no more than are shown.
export function withMoves(before: LiveMoves, fresh: Move[]): LiveMoves {
  const known = new Set(before.moves.map((move) => move.number));
  const news = fresh.filter((move) => !known.has(move.number));
  return {
    ...before,
    moves: [...news.reverse(), ...before.moves].slice(0, shownMax),
    entered: before.entered + news.filter((move) => move.move === "enter").length,
    left: before.left + news.filter((move) => move.move === "leave").length,
  };
}

export function useMoves(segment: string): LiveMoves {
  const [live, setLive] = useState<LiveMoves>({ state: "connecting", moves: [], entered: 0, left: 0 });
  useEffect(() => {
    setLive({ state: "connecting", moves: [], entered: 0, left: 0 });
    let waiting: Move[] = [];
    const source = new EventSource(`/v1/segments/${segment}/stream`);
    source.addEventListener("move", (event) => {
      waiting.push(JSON.parse((event as MessageEvent<string>).data) as Move);
    });
    source.onopen = () => setLive((before) => ({ ...before, state: "live" }));
    source.onerror = () =>
      setLive((before) => ({ ...before, state: source.readyState === EventSource.CLOSED ? "broken" : "connecting" }));
    const timer = setInterval(() => {
      if (waiting.length === 0) return;
      const fresh = waiting;
      waiting = [];
      setLive((before) => withMoves(before, fresh));
    }, drawMs);
    return () => {
      source.close();
      clearInterval(timer);
    };
  }, [segment]);
  return live;
}
