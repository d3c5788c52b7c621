// Ant Design, of which this is what pages are given: see ../library, a file of its own that no first load waits for.

import { useEffect, useSyncExternalStore } from "react";
import { onDemand, type OnDemandState } from "./on_demand";

export type Library = typeof import("../library/library");

export const library = onDemand<Library>(() => import("../library/library"));

// The library as far as it has come; with `wished` it is asked for.
export function useLibrary(wished: boolean): OnDemandState<Library> {
  const state = useSyncExternalStore(library.subscribe, library.now);
  useEffect(() => {
    if (wished) library.want();
  }, [wished]);
  return state;
}
