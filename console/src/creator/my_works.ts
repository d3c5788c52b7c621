// The works of a creator. No call lists them; the creator's published entries name them, the newest first.

import { api, ask, type Schemas } from "../api/client";

const pagesMax = 5;
const hydrateMax = 200;

export interface MyWorks {
  works: { id: string; counts: Schemas["Tally"] }[];
  entries: number;
  // There are older entries than were read.
  cut: boolean;
}

export async function myWorks(creator: string): Promise<MyWorks> {
  const found = new Set<string>();
  let cursor: string | undefined;
  let entries = 0;
  for (let page = 0; page < pagesMax; ++page) {
    const read = await ask(
      api.GET("/v1/creators/{id}/evidence", { params: { path: { id: creator }, query: { limit: 200, cursor } } }),
    );
    entries += read.items.length;
    for (const { event } of read.items) if (event.subject) found.add(event.subject);
    cursor = read.next ?? undefined;
    if (!cursor) break;
  }
  const ids = [...found];
  const works: MyWorks["works"] = [];
  for (let from = 0; from < ids.length; from += hydrateMax) {
    const part = await ask(api.POST("/v1/hydrate", { body: { subjects: ids.slice(from, from + hydrateMax) } }));
    for (const each of part.subjects) works.push({ id: each.subject, counts: each.counts });
  }
  works.sort((a, b) => b.counts.likes - a.counts.likes);
  return { works, entries, cut: cursor !== undefined };
}
