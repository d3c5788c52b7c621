import { describe, expect, it } from "vitest";
import { accountRows, delays, groupOf, type Edge } from "./case_graph";
import { keptSamples, latencyBound, parseMetrics, rate, withSample } from "./metrics";

const edge = (user: string, subject: string, second: number, spared = false): Edge => ({
  user,
  subject,
  at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(),
  spared,
});

describe("a group", () => {
  const group = groupOf([edge("b", "y", 30), edge("a", "x", 10), edge("b", "x", 12), edge("a", "y", 31, true)]);
  it("puts accounts and works in the order of their first like", () => {
    expect(group.accounts).toEqual(["a", "b"]);
    expect(group.works).toEqual(["x", "y"]);
  });
  it("measures each like from the group's first of that work", () => {
    expect(delays(group).map(({ work, account, seconds }) => [work, account, seconds])).toEqual([
      [0, "a", 0],
      [0, "b", 2],
      [1, "b", 0],
      [1, "a", 1],
    ]);
  });
  it("tells of each account, spared only when all of its likes are", () => {
    expect(accountRows(group)).toEqual([
      { account: "a", likes: 2, first: edge("", "", 10).at, last: edge("", "", 31).at, spared: false },
      { account: "b", likes: 2, first: edge("", "", 12).at, last: edge("", "", 30).at, spared: false },
    ]);
  });
});

const text = (accepted: number, fast: number, all: number) => `# HELP x y
zan_events_accepted_total ${accepted}
zan_http_request_seconds_bucket{call="GET /v1/top",le="0.001"} ${fast}
zan_http_request_seconds_bucket{call="GET /v1/top",le="0.01"} ${all}
zan_http_request_seconds_bucket{call="GET /v1/top",le="+Inf"} ${all}
zan_http_request_seconds_bucket{call="GET /v1/feed",le="+Inf"} 0
`;

describe("metrics", () => {
  const before = parseMetrics(text(100, 10, 10), 1000);
  const after = parseMetrics(text(180, 59, 110), 3000);
  it("gives rates between two looks, and none over a restart", () => {
    expect(rate(before, after, "zan_events_accepted_total")).toBe(40);
    expect(rate(after, before, "zan_events_accepted_total")).toBeNull();
    expect(rate(before, after, "zan_unheard_of")).toBeNull();
  });
  it("bounds latency by what was counted in between", () => {
    expect(latencyBound(before, after, 0.49)).toBe(0.001);
    expect(latencyBound(before, after, 0.5)).toBe(0.01);
    expect(latencyBound(after, after, 0.5)).toBeNull();
  });
  it("keeps no more than it shows", () => {
    let samples = [before];
    for (let i = 0; i < keptSamples + 9; ++i) samples = withSample(samples, { ...after, at: i });
    expect(samples).toHaveLength(keptSamples);
  });
});
