// Browsers lay out no more than some tens of millions of pixels, which a million rows are more than. A list that would be
// taller is laid out as tall as that, and a pixel of scrolling then stands for a little more than one.

export const tallestPx = 15_000_000;

export interface Squeeze {
  top: number;
  whole: number;
  tall: number;
  view: number;
}

export function squeezeOf(top: number, whole: number, view: number, tallest = tallestPx): Squeeze {
  const tall = Math.min(whole, Math.max(tallest, 2 * view));
  return { top, whole, tall, view };
}

// From where the window stands to where that is among the rows; the same above the list, and its end is its end.
export function toRows({ top, whole, tall, view }: Squeeze, y: number): number {
  if (whole <= tall || y <= top) return y;
  if (y >= top + tall - view) return y + whole - tall;
  return top + ((y - top) * (whole - view)) / (tall - view);
}

export function toWindow({ top, whole, tall, view }: Squeeze, y: number): number {
  if (whole <= tall || y <= top) return y;
  if (y >= top + whole - view) return y - whole + tall;
  return top + ((y - top) * (tall - view)) / (whole - view);
}
