// Moments in the zone that the reader chose. The exact one, in UTC as the API gave it, always stands beside it.

import type { Zone } from "../theme/settings";
import type { Language } from "../words/words";

const locale = (language: Language) => (language === "zh" ? "zh-CN" : "en-GB");
const zoneOf = (zone: Zone) => (zone === "local" ? undefined : zone);

export type TimeForm = "moment" | "day" | "clock" | "precise" | "axis";

const forms: Record<TimeForm, Intl.DateTimeFormatOptions> = {
  moment: { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" },
  precise: {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  },
  day: { year: "numeric", month: "short", day: "numeric" },
  axis: { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" },
  clock: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
};

// Making one takes a hundred times as long as using it. There are few: two languages, three zones, a handful of forms.
const kept = new Map<string, Intl.DateTimeFormat>();

function formatOf(name: string, tag: string, zone: Zone, form: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${name} ${tag} ${zone}`;
  const found = kept.get(key) ?? new Intl.DateTimeFormat(tag, { ...form, timeZone: zoneOf(zone) });
  kept.set(key, found);
  return found;
}

export function time(at: string | number | Date, language: Language, zone: Zone, form: TimeForm = "moment"): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return String(at);
  return formatOf(form, locale(language), zone, { ...forms[form], hourCycle: "h23" }).format(date);
}

// Whole days and hours of a moment in a zone: what a chart groups by.
export function dayOf(at: string, zone: Zone): string {
  return formatOf("day of", "en-CA", zone, { year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date(at));
}

export function hourOf(at: string, zone: Zone): number {
  return Number(formatOf("hour of", "en-GB", zone, { hour: "2-digit", hourCycle: "h23" }).format(new Date(at)));
}

// "3 hours ago", "in 5 hours": by the largest unit that fits.
export function ago(at: string, now: number, language: Language): string {
  const seconds = (new Date(at).getTime() - now) / 1000;
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ["day", 86400],
    ["hour", 3600],
    ["minute", 60],
    ["second", 1],
  ];
  const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(locale(language), { numeric: "auto" }).format(Math.trunc(seconds / size), unit);
}
