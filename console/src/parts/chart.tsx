import { lazy, Suspense, type ComponentProps } from "react";
import { Loading } from "./states";

// Not before the page has been drawn and nothing else is to be done: the library is as large as all the rest.
const rest = () =>
  new Promise<void>((done) => {
    if ("requestIdleCallback" in window) requestIdleCallback(() => done(), { timeout: 2000 });
    else setTimeout(done, 200);
  });
const Box = lazy(() => rest().then(() => import("./echarts_box")));

// A chart. `label` says in words what it shows: the figures themselves stand beside it as text.
export function Chart(props: ComponentProps<typeof Box>) {
  return (
    <Suspense
      fallback={
        <div style={{ height: props.height }}>
          <Loading rows={3} />
        </div>
      }
    >
      <Box {...props} />
    </Suspense>
  );
}
