import { describe, expect, it } from "vitest";
import css from "./page.css?raw";
import { dark, light, type Palette } from "./palette";


const block = (opening: string) => css.slice(css.indexOf(opening), css.indexOf("}", css.indexOf(opening)));
const inCss = (name: string, text: string) =>
  new RegExp(`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: ([^;]+);`).exec(text)?.[1];

describe("the page's colours", () => {
  it.each<[string, Palette, string]>([
    ["light", light, ":root {"],
    ["dark", dark, ':root[data-shade="dark"] {'],
  ])("are the palette's where it is %s", (_name, palette, opening) => {
    const { series: _series, ...colours } = palette;
    const said = Object.fromEntries(Object.keys(colours).map((name) => [name, inCss(name, block(opening))]));
    expect(said).toEqual(colours);
  });
});
