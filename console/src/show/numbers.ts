// Numbers as people read them. Whatever is shortened is cut, never rounded up, and its exact form stands beside it.

import type { Language } from "../words/words";

const locale = (language: Language) => (language === "zh" ? "zh-CN" : "en-GB");

const plainForm: Intl.NumberFormatOptions = { maximumFractionDigits: 20 };
const percentForm: Intl.NumberFormatOptions = { style: "percent", maximumFractionDigits: 6 };

// Making one takes a hundred times as long as using it.
const kept = new Map<Intl.NumberFormatOptions, Partial<Record<Language, Intl.NumberFormat>>>();

function formatOf(form: Intl.NumberFormatOptions, language: Language): Intl.NumberFormat {
  const made = kept.get(form) ?? {};
  kept.set(form, made);
  return (made[language] ??= new Intl.NumberFormat(locale(language), form));
}

export const exact = (value: number, language: Language): string => formatOf(plainForm, language).format(value);

interface Unit {
  size: number;
  sign: string;
}

// English readers know K, M and B; Chinese ones count in 万 and 亿.
const units: Record<Language, Unit[]> = {
  en: [
    { size: 1e9, sign: "B" },
    { size: 1e6, sign: "M" },
    { size: 1e3, sign: "K" },
  ],
  zh: [
    { size: 1e8, sign: "亿" },
    { size: 1e4, sign: "万" },
  ],
};
const shortenFrom: Record<Language, number> = { en: 100_000, zh: 10_000 };

// Three digits that count: 1.23万, 12.3万, 123万.
export function short(value: number, language: Language): string {
  const size = Math.abs(value);
  if (size < shortenFrom[language]) return exact(value, language);
  const unit = units[language].find((candidate) => size >= candidate.size)!;
  const whole = size / unit.size;
  const digits = whole >= 100 ? 0 : whole >= 10 ? 1 : 2;
  const cut = Math.floor(whole * 10 ** digits + 1e-9) / 10 ** digits;
  return (value < 0 ? "-" : "") + exact(cut, language) + unit.sign;
}

export const isShortened = (value: number, language: Language): boolean => Math.abs(value) >= shortenFrom[language];

// A share of one as percent, cut to `digits` places.
export function percent(share: number, language: Language, digits = 1): string {
  const cut = Math.trunc(share * 100 * 10 ** digits + Math.sign(share) * 1e-9) / 10 ** digits;
  return exact(cut, language) + "%";
}

// A share in all its digits, for beside a shortened one.
export const exactPercent = (share: number, language: Language): string =>
  formatOf(percentForm, language).format(share);

export function duration(milliseconds: number, language: Language): string {
  const seconds = Math.floor(milliseconds / 1000);
  const parts = [
    Math.floor(seconds / 86400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  const signs = language === "zh" ? ["天", "小时", "分", "秒"] : ["d", "h", "min", "s"];
  const first = parts.findIndex((part) => part > 0);
  if (first < 0) return milliseconds > 0 && milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `0 ${signs[3]}`;
  const gap = language === "zh" ? "" : " ";
  return parts
    .map((part, i) => (part > 0 && i >= first && i < first + 2 ? `${part}${gap}${signs[i]}` : ""))
    .filter((part) => part !== "")
    .join(gap);
}

export function bytes(count: number, language: Language): string {
  const signs = ["B", "kB", "MB", "GB", "TB"];
  let step = 0;
  let rest = count;
  while (rest >= 1000 && step < signs.length - 1) {
    rest /= 1000;
    ++step;
  }
  return `${exact(Math.floor(rest * 10) / 10, language)} ${signs[step]}`;
}
