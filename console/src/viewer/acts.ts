// What a viewer does: events as any client sends them.

import { actId, api, ask, type Schemas } from "../api/client";
import { nothingDone, type Work } from "./feed_state";

export const surface = "console";

type Kind = Schemas["Event"]["type"];

// Answers with the act's id, under which its receipt is asked for.
export async function act(
  actor: string,
  type: Kind,
  subject: string,
  more: Partial<Schemas["Event"]> = {},
): Promise<string> {
  const id = actId();
  await ask(api.POST("/v1/events", { body: { type, actor, subject, id, surface, ...more } }));
  return id;
}

export async function countsFor(viewer: string, subjects: string[]) {
  return (await ask(api.POST("/v1/hydrate", { body: { viewer, subjects } }))).subjects;
}

const attributesOf = (id: string) => ask(api.GET("/v1/subjects/{id}", { params: { path: { id } } })).catch(() => null);

export interface Asked {
  viewer: string;
  personalised: boolean;
  not: string;
  limit: number;
}

// Works with all that a card shows. What is answered counts as shown, so nothing asks for a feed by itself.
export async function askFeed({
  viewer,
  personalised,
  not,
  limit,
}: Asked): Promise<{ feed: Schemas["Feed"]; works: Work[] }> {
  const feed = await ask(
    api.GET("/v1/feed", {
      params: { query: { viewer, limit, surface, personalised: personalised ? "on" : "off", ...(not ? { not } : {}) } },
    }),
  );
  const subjects = feed.items.map((item) => item.subject);
  if (subjects.length === 0) return { feed, works: [] };
  const [counts, attributes] = await Promise.all([
    countsFor(viewer, subjects),
    Promise.all(subjects.map(attributesOf)),
  ]);
  const works = feed.items.map((item, i): Work => {
    const found = counts.find((each) => each.subject === item.subject);
    const about = attributes[i];
    return {
      item,
      tags: Array.isArray(about?.tags) ? about.tags.map(String) : [],
      title: about?.title ?? "",
      durationMs: Number(about?.duration_ms ?? 0),
      counts: found?.counts ?? null,
      mine: found?.viewer ?? nothingDone,
      receipt: null,
    };
  });
  return { feed, works };
}
