// Moments in the zone that the reader chose. The exact one, in UTC as the API gave it, always stands beside it.

import type { Zone } from "../theme/settings";
import type { Language } from "../words/words";

const locale = (language: Language) => (language === "zh" ? "zh-CN" : "en-GB");
const zoneOf = (zone: Zone) => (zone === "local" ? undefined : zone);

export type TimeForm = "moment" | "day" | "clock" | "precise";

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
  clock: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
};

export function time(at: string | number | Date, language: Language, zone: Zone, form: TimeForm = "moment"): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return String(at);
  return new Intl.DateTimeFormat(locale(language), { ...forms[form], hourCycle: "h23", timeZone: zoneOf(zone) }).format(
    date,
  );
}

// Whole days and hours of a moment in a zone: what a chart groups by.
export function dayOf(at: string, zone: Zone): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    timeZone: zoneOf(zone),
  });
  return parts.format(new Date(at));
}

export function hourOf(at: string, zone: Zone): number {
  return Number(
    new Intl.DateTimeFormat("en-GB", { hour: "2-digit", hourCycle: "h23", timeZone: zoneOf(zone) }).format(
      new Date(at),
    ),
  );
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
