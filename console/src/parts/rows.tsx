// A list of any length: pages by cursor as they come into sight, and only the rows in sight are drawn.

import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, type ReactNode } from "react";
import { useWords } from "../theme/settings";
import { useDrawn } from "./drawn";
import { Loading, Trouble } from "./states";

export interface RowsPage<T> {
  items: T[];
  next: string | null;
}

interface Props<T> {
  label: string;
  what: readonly unknown[];
  page: (cursor: string | undefined) => Promise<RowsPage<T>>;
  keyOf: (item: T, index: number) => string;
  row: (item: T, index: number) => ReactNode;
  empty: ReactNode;
  height?: number;
  refresh?: number;
  // Told of what has come so far.
  seen?: (items: T[]) => void;
}

export function Rows<T>({ label, what, page, keyOf, row, empty, height = 56, refresh, seen }: Props<T>) {
  const words = useWords();
  const asked = useInfiniteQuery({
    queryKey: ["rows", ...what],
    queryFn: ({ pageParam }) => page(pageParam),
    // Pages that have come are not compared with new ones: of a thousand pages that would be most of the work.
    structuralSharing: false,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    refetchInterval: (query) => (refresh && (query.state.data?.pages.length ?? 0) <= 1 ? refresh : false),
  });
  const items = useMemo(() => asked.data?.pages.flatMap((each) => each.items) ?? [], [asked.data]);
  useEffect(() => {
    seen?.(items);
  }, [seen, items]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = asked;
  const named = useRef(keyOf);
  named.current = keyOf;
  // The same for as long as the items are: a new one would have every row placed anew.
  const nameOf = useCallback(
    (index: number) => (items[index] === undefined ? index : named.current(items[index], index)),
    [items],
  );
  const { list, rows, measure, tall, styleOf } = useDrawn(items.length, height, nameOf);
  const last = rows.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= items.length - 6 && hasNextPage && !isFetchingNextPage && !asked.error) void fetchNextPage();
  }, [last, items.length, hasNextPage, isFetchingNextPage, fetchNextPage, asked.error]);

  if (asked.isPending) return <Loading />;
  if (items.length === 0)
    return asked.error ? <Trouble error={asked.error} again={() => void asked.refetch()} /> : <>{empty}</>;
  return (
    <div className="rows">
      <div role="list" aria-label={label} ref={list} style={{ height: tall, position: "relative" }}>
        {rows.map((place) => (
          <div
            key={place.key}
            role="listitem"
            ref={measure}
            data-index={place.index}
            className="row"
            aria-posinset={place.index + 1}
            aria-setsize={hasNextPage ? -1 : items.length}
            style={styleOf(place)}
          >
            {row(items[place.index]!, place.index)}
          </div>
        ))}
      </div>
      <div className="rows-end" aria-live="polite">
        {asked.error ? (
          <Trouble error={asked.error} again={() => void fetchNextPage()} />
        ) : isFetchingNextPage ? (
          words.state.loading
        ) : hasNextPage ? (
          ""
        ) : (
          words.state.all_shown(items.length)
        )}
      </div>
    </div>
  );
}
