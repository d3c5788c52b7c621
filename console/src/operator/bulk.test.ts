import { describe, expect, it } from "vitest";
import { ApiProblem, type Schemas } from "../api/client";
import { between, decideAll, partCases, type Outcome } from "./bulk";

const ids = (n: number) => Array.from({ length: n }, (_, i) => `c${i}`);
const problem = { type: "urn:zhenzan:problem:conflict", title: "Conflict", status: 409, detail: "decided meanwhile" };
const answer = (cases: string[], refused: string[] = []): Schemas["CasesDecided"] => ({
  decision: "confirm",
  by: "li",
  cases: cases.map((id) => (refused.includes(id) ? { case: id, problem } : { case: id, position: "7" })),
});

describe("many cases", () => {
  it("are decided in parts, each with its own answer", async () => {
    const sizes: number[] = [];
    const told: number[] = [];
    const outcomes = await decideAll(
      ids(60),
      "confirm",
      "a farm",
      (far) => told.push(far.length),
      undefined,
      (body) => {
        sizes.push(body.cases.length);
        expect([body.decision, body.note]).toEqual(["confirm", "a farm"]);
        return Promise.resolve(answer(body.cases, ["c3", "c59"]));
      },
    );
    expect(sizes).toEqual([partCases, partCases, 10]);
    expect(told).toEqual([25, 50, 60]);
    expect(outcomes.map((one) => one.case)).toEqual(ids(60));
    expect(outcomes.filter((one) => one.problem !== null)).toEqual([
      { case: "c3", problem: "decided meanwhile" },
      { case: "c59", problem: "decided meanwhile" },
    ]);
  });
  it("go on after a part that was refused", async () => {
    let calls = 0;
    const outcomes = await decideAll(
      ids(30),
      "overturn",
      "",
      () => undefined,
      undefined,
      (body) =>
        ++calls === 1 ? Promise.reject(new ApiProblem(503, { detail: "busy" })) : Promise.resolve(answer(body.cases)),
    );
    expect(outcomes.filter((one) => one.problem === "busy").length).toBe(25);
    expect(outcomes.filter((one) => one.problem === null).length).toBe(5);
  });
  it("stop where nothing answers, and say so of what was sent", async () => {
    let last: Outcome[] = [];
    let calls = 0;
    const outcomes = await decideAll(
      ids(60),
      "confirm",
      "",
      (far) => (last = far),
      undefined,
      () => {
        ++calls;
        return Promise.reject(new ApiProblem(0, { title: "no answer" }));
      },
    );
    expect(calls).toBe(1);
    expect(outcomes.length).toBe(25);
    expect(last).toEqual(outcomes);
  });
  it("stop between two parts when asked to", async () => {
    let stop = false;
    const outcomes = await decideAll(
      ids(60),
      "confirm",
      "",
      () => (stop = true),
      () => stop,
      (body) => Promise.resolve(answer(body.cases)),
    );
    expect(outcomes.length).toBe(25);
  });
});

describe("a range", () => {
  it("goes either way, and is one row where the other end is not there", () => {
    expect(between(ids(5), "c1", "c3")).toEqual(["c1", "c2", "c3"]);
    expect(between(ids(5), "c3", "c1")).toEqual(["c1", "c2", "c3"]);
    expect(between(ids(5), "gone", "c1")).toEqual(["c1"]);
  });
});
