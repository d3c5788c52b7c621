// The text of /metrics as numbers, and what can be said between two looks at it.

export interface Sample {
  at: number;
  values: Map<string, number>;
  // Of every call: upper bounds in seconds and how many answers were no slower, all calls added up.
  buckets: Map<number, number>;
}

export function parseMetrics(text: string, at: number): Sample {
  const values = new Map<string, number>();
  const buckets = new Map<number, number>();
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const space = line.lastIndexOf(" ");
    const name = line.slice(0, space);
    const value = Number(line.slice(space + 1));
    const bound = /^zan_http_request_seconds_bucket\{.*le="([^"]+)"\}$/.exec(name)?.[1];
    if (bound === undefined) values.set(name, value);
    else {
      const key = bound === "+Inf" ? Infinity : Number(bound);
      buckets.set(key, (buckets.get(key) ?? 0) + value);
    }
  }
  return { at, values, buckets };
}

// How much a counter grew a second; null when it started anew in between.
export function rate(before: Sample, after: Sample, name: string): number | null {
  const from = before.values.get(name);
  const to = after.values.get(name);
  if (from === undefined || to === undefined || to < from || after.at <= before.at) return null;
  return ((to - from) * 1000) / (after.at - before.at);
}

// The least bound below which `share` of the answers between two looks lie; null without answers.
export function latencyBound(before: Sample | null, after: Sample, share: number): number | null {
  const bounds = [...after.buckets.keys()].sort((a, b) => a - b);
  const counted = (bound: number) => (after.buckets.get(bound) ?? 0) - (before?.buckets.get(bound) ?? 0);
  const all = counted(Infinity);
  if (all <= 0) return null;
  return bounds.find((bound) => counted(bound) >= share * all) ?? null;
}

export const keptSamples = 150;

export const withSample = (samples: Sample[], next: Sample): Sample[] => [...samples, next].slice(-keptSamples);
