// Acts as they come, from the live stream: the newest few, and how many likes a second. When more comes than a page
// should read, the stream is left and only the counters of /metrics go on.

import { useEffect, useRef, useState } from "react";

export interface Act {
  position: string;
  type: string;
  actor: string;
  subject?: string;
  creator?: string;
  at: string;
  verdict?: "genuine" | "held" | "rejected";
}

const shownMax = 8;
const readMax = 3000;
const restMs = 15_000;

export interface Live {
  state: "connecting" | "live" | "too_fast" | "broken";
  acts: Act[];
  likesASecond: number;
}

export function useLive(): Live {
  const [live, setLive] = useState<Live>({ state: "connecting", acts: [], likesASecond: 0 });
  const [round, setRound] = useState(0);
  const fresh = useRef<Act[]>([]);
  useEffect(() => {
    let read = 0;
    let likes = 0;
    let rest: ReturnType<typeof setTimeout> | undefined;
    const source = new EventSource("/v1/stream");
    source.addEventListener("act", (event) => {
      ++read;
      const act = JSON.parse((event as MessageEvent<string>).data) as Act;
      if (act.type === "like") ++likes;
      if (["like", "dislike", "comment", "follow", "share"].includes(act.type))
        fresh.current = [act, ...fresh.current].slice(0, shownMax);
    });
    source.onerror = () =>
      setLive((before) => ({ ...before, state: source.readyState === EventSource.CLOSED ? "broken" : "connecting" }));
    source.onopen = () => setLive((before) => ({ ...before, state: "live" }));
    const timer = setInterval(() => {
      if (read > readMax) {
        source.close();
        setLive((before) => ({ ...before, state: "too_fast" }));
        clearInterval(timer);
        rest = setTimeout(() => setRound((n) => n + 1), restMs);
        return;
      }
      setLive((before) => ({ ...before, acts: fresh.current, likesASecond: likes }));
      read = 0;
      likes = 0;
    }, 1000);
    return () => {
      source.close();
      clearInterval(timer);
      clearTimeout(rest);
    };
  }, [round]);
  return live;
}
