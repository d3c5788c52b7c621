// A list of any length: pages by cursor as they come into sight, and only the rows in sight are drawn.

import { useInfiniteQuery } from "@tanstack/react-query";
import { memo, useEffect, useMemo, type ReactNode } from "react";
import { useWords } from "../theme/settings";
import { Come } from "./come";
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
  seen?: (come: Come<T>) => void;
}

interface RowProps {
  item: unknown;
  index: number;
  of: number;
  row: (item: never, index: number) => ReactNode;
}

// Drawn anew only when it is another item, or another way to draw it; not because the window was scrolled.
const Row = memo(function Row({ item, index, of, row }: RowProps) {
  return (
    <div role="listitem" data-index={index} className="row" aria-posinset={index + 1} aria-setsize={of}>
      {row(item as never, index)}
    </div>
  );
});

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
  const come = useMemo(() => new Come(asked.data?.pages ?? []), [asked.data]);
  useEffect(() => {
    seen?.(come);
  }, [seen, come]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = asked;
  const { list, box, from, to, tall, boxTop } = useDrawn(come.count, height, JSON.stringify(what));
  // The next page is asked for while the last tenth of this one is still to be scrolled through.
  const near = Math.max(6, (asked.data?.pages.at(-1)?.items.length ?? 0) / 10);
  const wanted = to >= come.count - near && hasNextPage && !isFetchingNextPage && !asked.error;
  useEffect(() => {
    if (wanted) void fetchNextPage();
  }, [wanted, fetchNextPage]);

  if (asked.isPending) return <Loading />;
  if (come.count === 0)
    return asked.error ? <Trouble error={asked.error} again={() => void asked.refetch()} /> : <>{empty}</>;
  return (
    <div className="rows">
      <div role="list" aria-label={label} ref={list} className="rows-all" style={{ height: tall }}>
        <div ref={box} className="rows-drawn" style={{ top: boxTop }}>
          {Array.from({ length: to - from }, (_, i) => {
            const index = from + i;
            const item = come.at(index);
            return (
              <Row
                key={keyOf(item, index)}
                item={item}
                index={index}
                of={hasNextPage ? -1 : come.count}
                row={row as RowProps["row"]}
              />
            );
          })}
        </div>
      </div>
      <div className="rows-end" aria-live="polite">
        {asked.error ? (
          <Trouble error={asked.error} again={() => void fetchNextPage()} />
        ) : isFetchingNextPage ? (
          words.state.loading
        ) : hasNextPage ? (
          ""
        ) : (
          words.state.all_shown(come.count)
        )}
      </div>
    </div>
  );
}
