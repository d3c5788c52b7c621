// Deciding many cases alike: in parts, so that progress shows and a break loses only the part that was under way. Each
// case has its own answer, which is kept.

import { api, asProblem, ask, type Schemas } from "../api/client";

export type Decision = Schemas["CasesDecision"]["decision"];
export type Outcome = { case: string; problem: string | null };

export const partCases = 25;

type Ask = (body: Schemas["CasesDecision"]) => Promise<Schemas["CasesDecided"]>;

const decide: Ask = (body) => ask(api.POST("/v1/cases/decisions", { body }));

const why = (problem: Schemas["Problem"]): string => problem.detail || problem.title;

// Tells after each part what is known so far. What the server did not answer for counts as not done.
export async function decideAll(
  cases: string[],
  decision: Decision,
  note: string,
  told: (so_far: Outcome[]) => void,
  stopped: () => boolean = () => false,
  call: Ask = decide,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let at = 0; at < cases.length && !stopped(); at += partCases) {
    const part = cases.slice(at, at + partCases);
    try {
      const answer = await call({ decision, note, cases: part });
      outcomes.push(
        ...answer.cases.map((one) => ({ case: one.case, problem: "problem" in one ? why(one.problem) : null })),
      );
    } catch (error) {
      const problem = asProblem(error);
      outcomes.push(...part.map((id) => ({ case: id, problem: problem.detail || problem.message })));
      // Nothing answers, or nobody is signed in: the rest would fare no better.
      if (problem.status === 0 || problem.status === 401 || problem.status === 403) {
        told([...outcomes]);
        return outcomes;
      }
    }
    told([...outcomes]);
  }
  return outcomes;
}

// From one row to another, both included, whichever comes first in the list.
export function between(all: string[], from: string, to: string): string[] {
  const [a, b] = [all.indexOf(from), all.indexOf(to)];
  if (a < 0 || b < 0) return [to];
  return all.slice(Math.min(a, b), Math.max(a, b) + 1);
}
