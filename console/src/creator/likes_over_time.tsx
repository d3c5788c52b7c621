// Genuine likes by day and hour, as exact as the entries that were read.

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Chart } from "../parts/chart";
import { Panel } from "../parts/page";
import { Answer } from "../parts/states";
import { useSettings } from "../theme/settings";
import { byDay, byHour } from "./days";
import { likeTimes } from "./like_times";

function Bars({ of, label }: { of: [string, number][]; label: string }) {
  const { palette: p } = useSettings();
  const option = useMemo(
    () => ({
      grid: { left: 8, right: 12, top: 12, bottom: 4, containLabel: true },
      tooltip: { trigger: "axis" },
      xAxis: {
        type: "category",
        data: of.map(([name]) => name),
        axisLabel: { color: p.soft, hideOverlap: true },
        axisLine: { lineStyle: { color: p.line } },
      },
      yAxis: {
        type: "value",
        minInterval: 1,
        axisLabel: { color: p.soft },
        splitLine: { lineStyle: { color: p.line } },
      },
      series: [
        {
          type: "bar",
          name: label,
          data: of.map(([, n]) => n),
          color: p.genuine,
          barMaxWidth: 26,
          itemStyle: { borderRadius: [3, 3, 0, 0] },
        },
      ],
    }),
    [of, p, label],
  );
  return <Chart option={option} height={190} label={label} />;
}

export function LikesOverTime({ id }: { id: string }) {
  const { words, zone } = useSettings();
  const t = words.work;
  const asked = useQuery({ queryKey: ["like-times", id], queryFn: () => likeTimes(id) });
  const days = useMemo(() => byDay(asked.data?.times ?? [], zone), [asked.data, zone]);
  const hours = useMemo(() => byHour(asked.data?.times ?? [], zone), [asked.data, zone]);
  return (
    <Panel
      title={t.over_time}
      note={
        asked.data
          ? asked.data.cut
            ? t.over_time_cut(asked.data.times.length, asked.data.entries)
            : t.over_time_all(asked.data.times.length)
          : ""
      }
    >
      <Answer of={asked}>
        {({ times }) =>
          times.length === 0 ? (
            <p className="soft">{t.no_likes}</p>
          ) : (
            <div className="columns charts">
              <Bars of={days} label={t.by_day} />
              <Bars of={hours} label={t.by_hour} />
            </div>
          )
        }
      </Answer>
    </Panel>
  );
}
