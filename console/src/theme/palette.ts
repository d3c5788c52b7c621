// The house's colours: paper, ink and the red of a seal. What carries meaning (genuine, held, rejected) differs in
// lightness as well as in hue, after Okabe and Ito, and never stands without a sign or a word.

export type Shade = "light" | "dark";

export interface Palette {
  paper: string;
  card: string;
  sunk: string;
  ink: string;
  soft: string;
  line: string;
  seal: string;
  link: string;
  primary: string;
  edge: string;
  raised: string;
  faint: string;
  genuine: string;
  held: string;
  rejected: string;
  genuineWash: string;
  heldWash: string;
  rejectedWash: string;
  series: string[];
}

export const light: Palette = {
  paper: "#f8f6f1",
  card: "#fffdf9",
  sunk: "#f1ede4",
  ink: "#211e1a",
  soft: "#645d53",
  line: "#e3dccf",
  seal: "#b5301f",
  link: "#235f95",
  primary: "#235f95",
  edge: "#cfc7b8",
  raised: "#fffefb",
  faint: "#767064",
  genuine: "#0b6b52",
  held: "#8a5a00",
  rejected: "#b0401a",
  genuineWash: "#e6f2ec",
  heldWash: "#faf0d9",
  rejectedWash: "#fbe9e1",
  series: ["#235f95", "#c8871a", "#0b7a5e", "#b0401a", "#7a5195", "#5a8fbf", "#8a6d3b", "#3f3a34"],
};

export const dark: Palette = {
  paper: "#171614",
  card: "#201e1b",
  sunk: "#1b1917",
  ink: "#ece7de",
  soft: "#aea698",
  line: "#38342e",
  seal: "#e0604a",
  link: "#8ab4e0",
  primary: "#84b4e4",
  edge: "#4a453d",
  raised: "#282521",
  faint: "#8d867a",
  genuine: "#7fcfb0",
  held: "#e6b04a",
  rejected: "#f0916b",
  genuineWash: "#1c2b24",
  heldWash: "#2f2715",
  rejectedWash: "#33211a",
  series: ["#8ab4e0", "#e6b04a", "#7fcfb0", "#f0916b", "#c29bdb", "#5f94c9", "#c9a875", "#d8d2c6"],
};

export const paletteOf = (shade: Shade): Palette => (shade === "dark" ? dark : light);

// From early to late, readable without telling colours apart: lightness falls or rises all the way (viridis).
export const ramp = ["#fde725", "#a5db36", "#4ac16d", "#1fa187", "#277f8e", "#365c8d", "#46327e", "#440154"];
