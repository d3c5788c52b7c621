// The steps of the tour, each of which is really done: nothing here is staged.

import { api, ask, type Schemas } from "../api/client";

export const tourSteps = ["like", "counted", "proven", "next", "attack", "found", "explained", "out"] as const;
export type TourStep = (typeof tourSteps)[number];

// Somebody new, so that the feed before and after one like can be told apart.
export const newViewer = (): string => `tour-${crypto.randomUUID().slice(0, 8)}`;

export const shownMax = 6;

export const feedFor = (viewer: string): Promise<Schemas["Feed"]> =>
  ask(api.GET("/v1/feed", { params: { query: { viewer, limit: 24, surface: "console-tour" } } }));

// Works of the community before those that the simulator made up, whose names begin with sim-.
export const firstWorks = (feed: Schemas["Feed"]): Schemas["FeedItem"][] =>
  [...feed.items]
    .sort((a, b) => Number(a.subject.startsWith("sim-")) - Number(b.subject.startsWith("sim-")))
    .slice(0, shownMax);

export const likesOf = async (subject: string): Promise<number> =>
  (await ask(api.GET("/v1/subjects/{id}/counts", { params: { path: { id: subject } } }))).likes;

// Cases that the server noticed after a moment of its own clock: those of the attack, newest first.
export function newCases(page: Schemas["CasePage"], known: ReadonlySet<string>): Schemas["CaseSummary"][] {
  return page.items.filter((item) => !known.has(item.case));
}

// The case to look at: the largest of those that are confirmed, or of all.
export function clearest(found: Schemas["CaseSummary"][]): Schemas["CaseSummary"] {
  const confirmed = found.filter((each) => each.standing === "confirmed");
  return [...(confirmed.length > 0 ? confirmed : found)].sort((a, b) => b.likes - a.likes)[0]!;
}

export interface FeedChange {
  subject: string;
  reasons: Schemas["FeedReason"][];
  // Because of the work that was liked.
  follows: boolean;
}

// What the next feed brought, those that follow from the like first.
export function whatChanged(before: Schemas["Feed"], after: Schemas["Feed"], liked: string): FeedChange[] {
  const known = new Set(before.items.map((item) => item.subject));
  return after.items
    .filter((item) => !known.has(item.subject))
    .map((item) => ({
      subject: item.subject,
      reasons: item.reasons,
      follows: item.reasons.some((reason) => reason.subject === liked),
    }))
    .sort((a, b) => Number(b.follows) - Number(a.follows));
}
