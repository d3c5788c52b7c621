import { lazy, Suspense, type ComponentProps } from "react";
import { Loading } from "./states";

// Not before the page has been drawn and nothing else is to be done: the library is larger than all the rest.
const rest = () =>
  new Promise<void>((done) => {
    if ("requestIdleCallback" in window) requestIdleCallback(() => done(), { timeout: 2000 });
    else setTimeout(done, 200);
  });
const Lines = lazy(() => rest().then(() => import("./echarts_box")));
const Points = lazy(() => rest().then(() => import("./echarts_points").then(() => import("./echarts_box"))));

type Props = ComponentProps<typeof Lines> & { points?: boolean };

// A chart of lines and bars, or of points too. `label` says in words what it shows: the figures stand beside it as text.
export function Chart({ points, ...props }: Props) {
  const Box = points ? Points : Lines;
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
