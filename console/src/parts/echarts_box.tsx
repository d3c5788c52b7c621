// What all charts need of ECharts; loaded when the first chart is drawn.

import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendPlainComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import type { EChartsCoreOption } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useSettings } from "../theme/settings";

echarts.use([LineChart, BarChart, GridComponent, LegendPlainComponent, TooltipComponent, CanvasRenderer]);

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export default function EchartsBox({
  option,
  height,
  label,
}: {
  option: EChartsCoreOption;
  height: number;
  label: string;
}) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<echarts.ECharts | null>(null);
  const { palette: p } = useSettings();
  useEffect(() => {
    const drawn = echarts.init(box.current!);
    chart.current = drawn;
    // It also tells of the size that the chart begins with.
    const watch = new ResizeObserver(([seen]) => {
      const { width, height } = seen!.contentRect;
      if (Math.abs(width - drawn.getWidth()) >= 1 || Math.abs(height - drawn.getHeight()) >= 1) drawn.resize();
    });
    watch.observe(box.current!);
    return () => {
      watch.disconnect();
      drawn.dispose();
    };
  }, []);
  useEffect(() => {
    // Tooltips are drawn on the canvas: as HTML they would need inline styles, which the page's policy forbids.
    chart.current?.setOption(
      {
        animation: !still(),
        animationDuration: 250,
        color: p.series,
        textStyle: { color: p.ink, fontFamily: getComputedStyle(box.current!).fontFamily },
        ...option,
        tooltip: {
          renderMode: "richText",
          confine: true,
          backgroundColor: p.card,
          borderColor: p.line,
          textStyle: { color: p.ink, fontSize: 12 },
          ...(option.tooltip as object | undefined),
        },
      },
      { notMerge: true },
    );
  }, [option, p]);
  return <div ref={box} className="chart" style={{ height }} role="img" aria-label={label} />;
}
