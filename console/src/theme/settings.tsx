// What the reader chose: language, light or dark, time zone. Kept in this browser and nowhere else.

import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useState,
  type ReactNode,
} from "react";
import { en } from "../words/en";
import type { Language, Words } from "../words/words";
import { zh } from "../words/zh";
import { paletteOf, type Shade } from "./palette";
import type { Palette } from "./palette";

export type ShadeWish = Shade | "system";
export type Zone = "local" | "UTC" | "Asia/Shanghai";

interface Settings {
  language: Language;
  words: Words;
  shade: Shade;
  shadeWish: ShadeWish;
  zone: Zone;
  palette: Palette;
  set: (change: Partial<Kept>) => void;
}

interface Kept {
  language: Language;
  shadeWish: ShadeWish;
  zone: Zone;
}

const place = "zan.settings";

function browserLanguage(): Language {
  return (navigator.languages ?? [navigator.language]).some((name) => /^zh/i.test(name)) ? "zh" : "en";
}

function read(): Kept {
  const kept: Kept = { language: browserLanguage(), shadeWish: "system", zone: "local" };
  try {
    const found = JSON.parse(localStorage.getItem(place) ?? "{}") as Partial<Kept>;
    if (found.language === "en" || found.language === "zh") kept.language = found.language;
    if (found.shadeWish === "light" || found.shadeWish === "dark") kept.shadeWish = found.shadeWish;
    if (found.zone === "UTC" || found.zone === "Asia/Shanghai") kept.zone = found.zone;
  } catch {
    // Damaged or forbidden storage: as if nothing had been chosen.
  }
  return kept;
}

const SettingsContext = createContext<Settings | null>(null);

export function useSettings(): Settings {
  const settings = useContext(SettingsContext);
  if (!settings) throw new Error("outside of SettingsProvider");
  return settings;
}

export const useWords = (): Words => useSettings().words;

const darkQuery = "(prefers-color-scheme: dark)";

export function SettingsProvider({ children }: { children: ReactNode }) {
  const [kept, setKept] = useState(read);
  const [systemDark, setSystemDark] = useState(() => matchMedia(darkQuery).matches);
  useEffect(() => {
    const query = matchMedia(darkQuery);
    const changed = () => setSystemDark(query.matches);
    query.addEventListener("change", changed);
    return () => query.removeEventListener("change", changed);
  }, []);
  const set = useCallback((change: Partial<Kept>) => {
    setKept((before) => {
      const next = { ...before, ...change };
      try {
        localStorage.setItem(place, JSON.stringify(next));
      } catch {
        // It holds until the page is closed.
      }
      return next;
    });
  }, []);
  const shade: Shade = kept.shadeWish === "system" ? (systemDark ? "dark" : "light") : kept.shadeWish;
  useLayoutEffect(() => {
    document.documentElement.lang = kept.language === "zh" ? "zh-CN" : "en";
    document.documentElement.dataset.shade = shade;
  }, [kept.language, shade]);
  const value = useMemo<Settings>(
    () => ({ ...kept, words: kept.language === "zh" ? zh : en, shade, palette: paletteOf(shade), set }),
    [kept, shade, set],
  );
  return <SettingsContext.Provider value={value}>{children}</SettingsContext.Provider>;
}
