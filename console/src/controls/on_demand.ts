// A part of the page that is loaded once, when it is first wished for.

export interface OnDemandState<T> {
  part: T | null;
  failed: boolean;
}

export interface OnDemand<T> {
  // Begins to load it, or anew where that failed; nothing where it is there or on its way.
  want: () => void;
  now: () => OnDemandState<T>;
  subscribe: (changed: () => void) => () => void;
}

export function onDemand<T>(load: () => Promise<T>): OnDemand<T> {
  let state: OnDemandState<T> = { part: null, failed: false };
  let onItsWay = false;
  const listeners = new Set<() => void>();
  const change = (to: OnDemandState<T>) => {
    state = to;
    listeners.forEach((changed) => changed());
  };
  const want = () => {
    if (state.part !== null || onItsWay) return;
    onItsWay = true;
    if (state.failed) change({ part: null, failed: false });
    load()
      .then(
        (part) => change({ part, failed: false }),
        () => change({ part: null, failed: true }),
      )
      .finally(() => (onItsWay = false));
  };
  const subscribe = (changed: () => void) => {
    listeners.add(changed);
    return () => void listeners.delete(changed);
  };
  return { want, now: () => state, subscribe };
}

const quietMs = 3_000;

// Once the page was loaded and has had time to stand, when it has nothing else to do; or sooner, when a pointer or the
// keyboard comes to a button, which may open a dialog.
export function whenIdleOrWished(want: () => void): void {
  const once = () => {
    removeEventListener("pointerover", wished, true);
    removeEventListener("focusin", wished, true);
    want();
  };
  const wished = (event: Event) => event.target instanceof Element && event.target.closest("button") && once();
  const idle = window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 0));
  const later = () => idle(() => setTimeout(() => idle(once), quietMs));
  addEventListener("pointerover", wished, true);
  addEventListener("focusin", wished, true);
  if (document.readyState === "complete") later();
  else addEventListener("load", later, { once: true });
}
