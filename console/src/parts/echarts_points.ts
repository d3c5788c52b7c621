// What charts of single likes need of ECharts beyond that: points, and to look closer.

import { ScatterChart } from "echarts/charts";
import { DataZoomComponent } from "echarts/components";
import * as echarts from "echarts/core";

echarts.use([ScatterChart, DataZoomComponent]);
