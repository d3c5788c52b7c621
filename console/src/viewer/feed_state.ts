// What a feed looks like on the screen, apart from how it is drawn: works in their order, and what the viewer did to each.

import type { Schemas } from "../api/client";

export interface Work {
  item: Schemas["FeedItem"];
  tags: string[];
  title: string;
  durationMs: number;
  counts: Schemas["Tally"] | null;
  mine: Schemas["Viewer"];
  receipt: string | null;
}

export interface FeedState {
  works: Work[];
  current: number;
  // Nothing more came when more was asked for.
  ended: boolean;
}

export type FeedChange =
  | { kind: "cleared" }
  | { kind: "came"; works: Work[] }
  | { kind: "moved"; to: number }
  | { kind: "mine"; subject: string; change: Partial<Schemas["Viewer"]> }
  | { kind: "counted"; subject: string; counts: Schemas["Tally"]; mine?: Schemas["Viewer"] }
  | { kind: "logged"; subject: string; receipt: string | null };

export const emptyFeed: FeedState = { works: [], current: 0, ended: false };
export const nothingDone: Schemas["Viewer"] = {
  liked: false,
  disliked: false,
  viewed: false,
  commented: false,
  shared: false,
};

function changed(state: FeedState, subject: string, change: (work: Work) => Work): FeedState {
  return { ...state, works: state.works.map((work) => (work.item.subject === subject ? change(work) : work)) };
}

export function feedAfter(state: FeedState, change: FeedChange): FeedState {
  switch (change.kind) {
    case "cleared":
      return emptyFeed;
    case "came": {
      const known = new Set(state.works.map((work) => work.item.subject));
      const fresh = change.works.filter((work) => !known.has(work.item.subject));
      return { ...state, works: [...state.works, ...fresh], ended: fresh.length === 0 };
    }
    case "moved":
      return { ...state, current: Math.max(0, Math.min(change.to, state.works.length - 1)) };
    // A like takes the place of a dislike and the other way round.
    case "mine":
      return changed(state, change.subject, (work) => {
        const mine = { ...work.mine, ...change.change };
        if (change.change.liked) mine.disliked = false;
        if (change.change.disliked) mine.liked = false;
        return { ...work, mine };
      });
    case "counted":
      return changed(state, change.subject, (work) => ({
        ...work,
        counts: change.counts,
        mine: change.mine ?? work.mine,
      }));
    case "logged":
      return changed(state, change.subject, (work) => ({ ...work, receipt: change.receipt }));
  }
}

// More is asked for when only one work is left below the one in sight.
export const wantsMore = (state: FeedState): boolean => !state.ended && state.current >= state.works.length - 2;

// The works on the screen, newest last, as many as the call takes.
export const onScreen = (state: FeedState): string =>
  state.works
    .slice(-256)
    .map((work) => work.item.subject)
    .join(",");
