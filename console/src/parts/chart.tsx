import { lazy, Suspense, type ComponentProps } from "react";
import { Loading } from "./states";

const Box = lazy(() => import("./echarts_box"));

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
