// The likes of a group, laid out so that lockstep can be seen: who, which work, when.

import { api, ask, type Schemas } from "../api/client";

export type Edge = Schemas["CaseEdge"];

export interface Group {
  edges: Edge[];
  // In the order of their first like in the group.
  accounts: string[];
  works: string[];
  // More edges than are drawn.
  cut: boolean;
}

const edgesMax = 20_000;

const inOrderOfFirst = (edges: Edge[], of: (edge: Edge) => string): string[] => [...new Set(edges.map(of))];

export function groupOf(edges: Edge[], cut = false): Group {
  const sorted = [...edges].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return {
    edges: sorted,
    accounts: inOrderOfFirst(sorted, (edge) => edge.user),
    works: inOrderOfFirst(sorted, (edge) => edge.subject),
    cut,
  };
}

export async function fetchGroup(id: string): Promise<Group> {
  const edges: Edge[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask(api.GET("/v1/cases/{id}/graph", { params: { path: { id }, query: { cursor } } }));
    edges.push(...page.edges);
    cursor = page.next ?? undefined;
  } while (cursor && edges.length < edgesMax);
  return groupOf(edges, cursor !== undefined);
}

// Of each work: how long after the group's first like of it each like came, in seconds.
export function delays(group: Group): { work: number; account: string; seconds: number; spared: boolean }[] {
  const first = new Map<string, number>();
  const places = new Map(group.works.map((work, place) => [work, place]));
  return group.edges.map((edge) => {
    const at = Date.parse(edge.at);
    if (!first.has(edge.subject)) first.set(edge.subject, at);
    return {
      work: places.get(edge.subject)!,
      account: edge.user,
      seconds: (at - first.get(edge.subject)!) / 1000,
      spared: edge.spared,
    };
  });
}

export interface AccountRow {
  account: string;
  likes: number;
  first: string;
  last: string;
  spared: boolean;
}

export function accountRows(group: Group): AccountRow[] {
  const rows = new Map<string, AccountRow>();
  for (const edge of group.edges) {
    const row = rows.get(edge.user);
    if (!row) rows.set(edge.user, { account: edge.user, likes: 1, first: edge.at, last: edge.at, spared: edge.spared });
    else Object.assign(row, { likes: row.likes + 1, last: edge.at, spared: row.spared && edge.spared });
  }
  return [...rows.values()];
}
