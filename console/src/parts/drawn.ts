// Which rows of a list are in sight as the window scrolls, and where each is to be drawn.

import { observeWindowOffset, useWindowVirtualizer, windowScroll, type VirtualItem } from "@tanstack/react-virtual";
import { useLayoutEffect, useReducer, useRef, useState, type CSSProperties, type RefObject } from "react";
import { squeezeOf, toRows, toWindow } from "./squeeze";

interface Drawn {
  list: RefObject<HTMLDivElement>;
  rows: VirtualItem[];
  measure: (element: Element | null) => void;
  tall: number;
  styleOf: (row: VirtualItem) => CSSProperties;
}

export function useDrawn(count: number, height: number, keyOf: (index: number) => string | number): Drawn {
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const place = list.current?.getBoundingClientRect();
    if (place) setTop(place.top + window.scrollY);
  }, [count > 0]);
  const squeeze = useRef(squeezeOf(0, 0, 0));
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const rows = useWindowVirtualizer({
    count,
    estimateSize: () => height,
    overscan: 8,
    scrollMargin: top,
    getItemKey: keyOf,
    observeElementOffset: (instance, told) =>
      observeWindowOffset(instance, (offset, moving) => {
        told(toRows(squeeze.current, offset), moving);
        if (squeeze.current.tall < squeeze.current.whole) redraw();
      }),
    scrollToFn: (offset, { adjustments = 0, behavior }, instance) =>
      windowScroll(toWindow(squeeze.current, offset + adjustments), { behavior }, instance),
  });
  const whole = rows.getTotalSize();
  squeeze.current = squeezeOf(top, whole, window.innerHeight);
  const { tall } = squeeze.current;
  const offset = rows.scrollOffset ?? 0;
  const shift = offset - toWindow(squeeze.current, offset);
  // More rows came: what is in sight stays so, though each pixel now stands for more.
  useLayoutEffect(() => {
    if (tall < whole && offset > top) window.scrollTo({ top: toWindow(squeeze.current, offset), behavior: "instant" });
  }, [tall, whole, top]);
  return {
    list,
    rows: rows.getVirtualItems(),
    measure: rows.measureElement,
    tall,
    styleOf: (row) => ({
      position: "absolute",
      top: 0,
      left: 0,
      right: 0,
      transform: `translateY(${row.start - top - shift}px)`,
    }),
  };
}
