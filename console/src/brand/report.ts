// A report that somebody else can check: the counts, the portrait, and behind the counts the published entries of the log
// with what opens them, under a signed checkpoint. It says itself what of it is proven and what is only said.

import { api, ApiProblem, ask, asProblem, type Schemas } from "../api/client";

export const entriesMax = 5000;
const pageEntries = 200;

type Kind = "subject" | "creator";
type Item = Schemas["SubjectEvidence"]["items"][number];

export interface Page {
  items: Item[];
  pending: number;
  next: string | null;
}

export interface Report {
  report: "zhenzan honest audience";
  of: { kind: Kind; id: string };
  server: string;
  made_at: string;
  counts: unknown;
  audience: unknown;
  log: { checkpoint: string; vkey: string };
  evidence: { items: Item[]; pending: number; all: boolean };
  proven: string;
  said: string;
}

// All pages, or the newest so many; `told` hears how many have come.
export async function entriesOf(
  page: (cursor: string | undefined) => Promise<Page>,
  told: (entries: number) => void,
  most = entriesMax,
): Promise<Report["evidence"]> {
  const items: Item[] = [];
  let pending = 0;
  let cursor: string | undefined;
  for (;;) {
    const got = await page(cursor);
    if (cursor === undefined) pending = got.pending;
    items.push(...got.items);
    told(items.length);
    if (got.next === null) return { items, pending, all: true };
    if (items.length >= most) return { items: items.slice(0, most), pending, all: false };
    cursor = got.next;
  }
}

async function logText(path: string): Promise<string> {
  const answer = await fetch(`/log/${path}`, { credentials: "same-origin" }).catch(() => {
    throw new ApiProblem(0, { title: "no answer" });
  });
  if (!answer.ok) throw new ApiProblem(answer.status, { title: path }, answer);
  return answer.text();
}

const audienceOf = (kind: Kind, id: string): Promise<unknown> => {
  const params = { path: { id }, query: { of: "liker", limit: 200 } as const };
  return kind === "subject"
    ? ask(api.GET("/v1/subjects/{id}/audience", { params }))
    : ask(api.GET("/v1/creators/{id}/audience", { params }));
};

export async function makeReport(kind: Kind, id: string, told: (entries: number) => void): Promise<Report> {
  const path = { id };
  // The checkpoint last: it then covers every entry that is in the report.
  const evidence = await entriesOf((cursor) => {
    const params = { path, query: { limit: pageEntries, cursor } };
    return kind === "subject"
      ? ask(api.GET("/v1/subjects/{id}/evidence", { params }))
      : ask(api.GET("/v1/creators/{id}/evidence", { params }));
  }, told);
  const [counts, audience, checkpoint, vkey] = await Promise.all([
    kind === "subject"
      ? ask(api.GET("/v1/subjects/{id}/counts", { params: { path } }))
      : ask(api.GET("/v1/creators/{id}/counts", { params: { path } })),
    audienceOf(kind, id).catch((error: unknown) => ({ refused: asProblem(error).detail || asProblem(error).message })),
    logText("checkpoint"),
    logText("log.vkey"),
  ]);
  return {
    report: "zhenzan honest audience",
    of: { kind, id },
    server: location.origin,
    made_at: new Date().toISOString(),
    counts,
    audience,
    log: { checkpoint, vkey },
    evidence,
    proven:
      "Each item of evidence is an entry of the log, and its fields open the entry's commitment. The log's tiles at /log/ " +
      "lead from every entry to the root that the checkpoint signs: zan verify, zan audit --subject and /verify check that.",
    said:
      "Counts and portrait are what the server answered. The counts follow from the entries where all of them are here; " +
      "the portrait is in no log. Genuine means that no rule and no group spoke against a like; nobody's identity was checked.",
  };
}
