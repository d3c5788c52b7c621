import { dayOf, hourOf } from "../show/times";
import type { Zone } from "../theme/settings";

const daysMax = 400;

// Every day from the first to the last, also those without any: a gap is to be seen as one.
export function byDay(times: string[], zone: Zone): [string, number][] {
  const counts = new Map<string, number>();
  for (const at of times) counts.set(dayOf(at, zone), (counts.get(dayOf(at, zone)) ?? 0) + 1);
  const days = [...counts.keys()].sort();
  if (days.length === 0) return [];
  const all: [string, number][] = [];
  const day = new Date(`${days[0]}T00:00:00Z`);
  for (let i = 0; i < daysMax; ++i) {
    const name = day.toISOString().slice(0, 10);
    all.push([name, counts.get(name) ?? 0]);
    if (name >= days.at(-1)!) return all;
    day.setUTCDate(day.getUTCDate() + 1);
  }
  // Likes years apart: then only the days that have some.
  return days.map((name) => [name, counts.get(name)!]);
}

export function byHour(times: string[], zone: Zone): [string, number][] {
  const counts = Array.from({ length: 24 }, () => 0);
  for (const at of times) counts[hourOf(at, zone)]! += 1;
  return counts.map((count, hour) => [`${String(hour).padStart(2, "0")}:00`, count]);
}
