import type { en } from "./en";

export type Language = "en" | "zh";
// Every word of one language is a word of the other: a missing one does not compile.
export type Words = typeof en;
