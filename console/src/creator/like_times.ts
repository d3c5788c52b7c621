// When the likes that count now came, from the published entries behind a work's counts: they name nobody, so creators and
// brands may read them. Within one work an entry's pseudonym is the same for all acts of a person.

import { api, ask, type Schemas } from "../api/client";

type Event = Schemas["LoggedEvent"];

const pagesMax = 15;
const pageSize = 200;

// Entries in any order; the later ones of a person take the place of the earlier.
export function standingLikes(events: Event[]): string[] {
  const likes = new Map<string, { at: string; verdict: Event["verdict"] }>();
  for (const event of [...events].sort((a, b) => a.number - b.number)) {
    const like = likes.get(event.actor);
    if (event.type === "verdict") {
      if (like?.at === event.at) like.verdict = event.verdict;
    } else if (!event.changed) continue;
    else if (event.type === "like" && !event.incentivised)
      likes.set(event.actor, { at: event.at, verdict: event.verdict });
    else if (["like", "unlike", "dislike"].includes(event.type)) likes.delete(event.actor);
  }
  return [...likes.values()]
    .filter((like) => like.verdict === "genuine" || like.verdict === "unjudged")
    .map((like) => like.at);
}

export async function likeTimes(id: string): Promise<{ times: string[]; entries: number; cut: boolean }> {
  const events: Event[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pagesMax; ++page) {
    const read = await ask(
      api.GET("/v1/subjects/{id}/evidence", { params: { path: { id }, query: { limit: pageSize, cursor } } }),
    );
    events.push(...read.items.map((item) => item.event));
    cursor = read.next ?? undefined;
    if (!cursor) break;
  }
  return { times: standingLikes(events), entries: events.length, cut: cursor !== undefined };
}
