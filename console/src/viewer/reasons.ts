// Why somebody sees something, in words.

import type { Schemas } from "../api/client";
import type { Words } from "../words/words";

export type Reason = Schemas["FeedReason"];

export function reasonText(reason: Reason, words: Words): string {
  const t = words.feed.reason;
  switch (reason.kind) {
    case "similar":
      return t.similar(reason.subject ?? "");
    case "taste":
      return t.taste;
    case "content":
      return t.content(reason.tag ?? "");
    case "followed":
      return t.followed(reason.creator ?? "");
    case "trending":
      return t.trending;
    case "scene":
      return t.scene;
    case "fresh":
      return t.fresh;
    case "pinned":
      return t.pinned;
    case "campaign":
      return t.campaign;
    case "rule":
      return t.rule(reason.rule ?? "");
    case "unknown":
      return t.unknown;
  }
}

// The same reason may come by two ways; it is told once.
export function reasonTexts(reasons: Reason[], words: Words): string[] {
  return [...new Set(reasons.map((reason) => reasonText(reason, words)))];
}
