// The rows of a list that are drawn as the window scrolls. They follow one another in a box that is moved to its place;
// their heights are read once they are there.

import { useLayoutEffect, useMemo, useReducer, useRef, type RefObject } from "react";
import { flushSync } from "react-dom";
import { Sight } from "./sight";

interface Drawn {
  list: RefObject<HTMLDivElement>;
  // Holds the rows from `from` to before `to`, each an element.
  box: RefObject<HTMLDivElement>;
  from: number;
  to: number;
  tall: number;
  boxTop: number;
}

// `which` is the list that is shown: what was measured of one says nothing about another.
export function useDrawn(count: number, guess: number, which: string): Drawn {
  const list = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const sight = useMemo(() => new Sight(guess), [guess, which]);
  sight.count = count;
  const drawn = sight.drawn;
  const { from, to } = drawn;

  const measure = (first: number): boolean => {
    const heights = Array.from(box.current?.children ?? [], (row) => row.getBoundingClientRect().height);
    return sight.keeping(() => heights.map((height, i) => sight.placing.measured(first + i, height)).includes(true));
  };
  // After each drawing. Another follows when something turned out to be other than it was drawn for.
  useLayoutEffect(() => {
    if (!list.current) return;
    const moved = sight.stand();
    const looked = sight.look(list.current);
    if (measure(from) || moved || looked) redraw();
  });

  useLayoutEffect(() => {
    const scrolled = () => {
      if (!list.current || !sight.look(list.current)) return;
      const next = sight.drawn;
      // At once: a frame later, rows of a squeezed list would be seen to jump.
      if (sight.squeezed || next.from !== latest.current.from || next.to !== latest.current.to) flushSync(redraw);
    };
    addEventListener("scroll", scrolled, { passive: true });
    addEventListener("resize", redraw);
    return () => {
      removeEventListener("scroll", scrolled);
      removeEventListener("resize", redraw);
    };
  }, [sight]);

  const latest = useRef({ from, to, measure });
  latest.current = { from, to, measure };
  // Rows may grow where they are; in another width all are of another height.
  useLayoutEffect(() => {
    if (!box.current) return;
    let width = box.current.clientWidth;
    const watch = new ResizeObserver(() => {
      const narrower = box.current !== null && box.current.clientWidth !== width;
      width = box.current?.clientWidth ?? width;
      if (narrower) sight.keeping(() => (sight.placing.forget(), true));
      if (latest.current.measure(latest.current.from) || narrower) redraw();
    });
    watch.observe(box.current);
    return () => watch.disconnect();
  }, [count > 0, sight]);

  return { list, box, from, to, tall: sight.squeeze.tall, boxTop: drawn.boxTop };
}
