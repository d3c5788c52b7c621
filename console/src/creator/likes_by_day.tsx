// Genuine likes of a work, or of all works of a creator, day by day: what stands, what was held or taken out, and beside a
// work what is usual for its creator at that age.

import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api, asProblem, ask, type Schemas } from "../api/client";
import { Segmented } from "../controls/controls";
import { WarningOutlined } from "../controls/signs";
import { Chart } from "../parts/chart";
import { Panel } from "../parts/page";
import { Answer } from "../parts/states";
import { exact } from "../show/numbers";
import { time } from "../show/times";
import { useWho } from "../session/session";
import type { Palette } from "../theme/palette";
import { useSettings } from "../theme/settings";
import {
  besideUsual,
  fellBy,
  hasTwoSpans,
  nothingCounted,
  plusDays,
  since,
  spanDays,
  standing,
  standsAt,
  type Series,
  type Which,
} from "./series";

interface Of {
  kind: "subject" | "creator";
  id: string;
}

const read = ({ kind, id }: Of, query: { days: number; last?: string }): Promise<Series> =>
  kind === "subject"
    ? ask(api.GET("/v1/subjects/{id}/series", { params: { path: { id }, query } }))
    : ask(api.GET("/v1/creators/{id}/series", { params: { path: { id }, query } }));

const sinceItBegan = {
  subject: (series: Series) => since(series, series.published),
  creator: (series: Series) => since(series, series.counted_from),
};

// The last days, which say since when there is anything; where that is longer ago, also the first ones, which are another question.
function useSeries(of: Of, which: Which) {
  const lately = useQuery({
    queryKey: ["series", of.kind, of.id, "lately"],
    queryFn: () => read(of, { days: spanDays }),
    select: sinceItBegan[of.kind],
  });
  const began = of.kind === "subject" ? lately.data?.published : lately.data?.counted_from;
  const two = lately.data ? hasTwoSpans(began, lately.data.today) : false;
  const asksFirst = two && which === "first";
  const first = useQuery({
    queryKey: ["series", of.kind, of.id, "first"],
    queryFn: () => read(of, { days: spanDays, last: plusDays(began!, spanDays - 1) }),
    enabled: asksFirst,
  });
  return { asked: asksFirst ? first : lately, two };
}

// Operators read of the same works as their creators.
function useDayWords() {
  const t = useSettings().words.by_day;
  const yours = useWho().role === "creator";
  return useMemo(() => ({ ...t, ...(yours ? t.yours : t.theirs) }), [t, yours]);
}

const axis = (p: Palette, top: boolean, days: string[]) => ({
  type: "category",
  gridIndex: top ? 0 : 1,
  data: days,
  boundaryGap: true,
  axisLabel: { show: !top, color: p.soft, hideOverlap: true, interval: Math.ceil(days.length / 5) - 1 },
  axisTick: { show: !top },
  axisLine: { lineStyle: { color: p.line } },
});
const upright = (p: Palette, top: boolean) => ({
  type: "value",
  gridIndex: top ? 0 : 1,
  minInterval: 1,
  splitNumber: top ? 4 : 2,
  axisLabel: { color: p.soft },
  splitLine: { lineStyle: { color: p.line } },
});

interface Names {
  stands: string;
  usual_band: string;
  usual: string;
  genuine: string;
  held: string;
  rejected: string;
}

// The band is drawn as two stacked lines, so a day is told in words of its own.
function tellDay(series: Series, index: number, t: Names): string {
  const day = series.days[index];
  if (!day) return "";
  const usual = series.usual?.days[index];
  return [
    day.day,
    `${t.stands}: ${standing(series)[index]}`,
    ...(usual ? [`${t.usual}: ${usual.median} (${usual.low}–${usual.high})`] : []),
    `${t.genuine}: ${day.likes}`,
    `${t.held}: ${day.held}`,
    `${t.rejected}: ${day.rejected}`,
  ].join("\n");
}

// Above: the count as it grew, on the band of what is usual. Below: each day.
function optionOf(series: Series, p: Palette, t: Names) {
  const usual = series.usual?.days ?? [];
  const hasUsual = usual.some((each) => each !== null);
  const line = (name: string, data: (number | null)[], more: object) => ({
    type: "line",
    name,
    data,
    symbol: data.length === 1 ? "circle" : "none",
    ...more,
  });
  const bar = (name: string, key: "likes" | "held" | "rejected", color: string) => ({
    type: "bar",
    name,
    stack: "day",
    xAxisIndex: 1,
    yAxisIndex: 1,
    barMaxWidth: 22,
    data: series.days.map((day) => day[key]),
    itemStyle: { color },
  });
  const band = hasUsual
    ? [
        line("", usual.map((each) => each?.low ?? null), { stack: "usual", lineStyle: { opacity: 0 }, silent: true }),
        line(t.usual_band, usual.map((each) => (each ? each.high - each.low : null)), {
          stack: "usual",
          lineStyle: { opacity: 0 },
          itemStyle: { color: p.soft },
          areaStyle: { color: p.soft, opacity: 0.22 },
          silent: true,
        }),
        line(t.usual, usual.map((each) => each?.median ?? null), {
          color: p.soft,
          lineStyle: { color: p.soft, type: "dashed", width: 2 },
        }),
      ]
    : [];
  const days = series.days.map(({ day }) => day);
  const stands = standing(series);
  // One for both grids, so that a day's bar stands under its point: room for the longer numbers, which may be rounded up.
  const greatest = Math.max(
    1,
    ...stands,
    ...usual.map((each) => each?.high ?? 0),
    ...series.days.map((day) => day.likes + day.held + day.rejected),
  );
  const left = 16 + 8 * exact(2 * greatest, "en").length;
  return {
    grid: [
      { left, right: 14, top: 12, height: 168 },
      { left, right: 14, top: 200, height: 78 },
    ],
    tooltip: {
      trigger: "axis",
      formatter: (at: { dataIndex: number }[]) => tellDay(series, at[0]?.dataIndex ?? 0, t),
    },
    axisPointer: { link: [{ xAxisIndex: "all" }] },
    xAxis: [axis(p, true, days), axis(p, false, days)],
    yAxis: [upright(p, true), upright(p, false)],
    series: [
      ...band,
      line(t.stands, stands, { color: p.genuine, lineStyle: { color: p.genuine, width: 3 } }),
      bar(t.genuine, "likes", p.genuine),
      bar(t.held, "held", p.held),
      bar(t.rejected, "rejected", p.rejected),
    ],
  };
}

// Beside the chart as words, so that it wraps on a phone.
function Keys({ usual, t }: { usual: boolean; t: Names }) {
  const keys: [string, string][] = [
    ["stands", t.stands],
    ...(usual
      ? ([
          ["usual", t.usual],
          ["band", t.usual_band],
        ] as [string, string][])
      : []),
    ["genuine", t.genuine],
    ["held", t.held],
    ["rejected", t.rejected],
  ];
  return (
    <ul className="plain keys">
      {keys.map(([kind, name]) => (
        <li key={kind}>
          <i className={`key key-${kind}`} aria-hidden /> {name}
        </li>
      ))}
    </ul>
  );
}

const told = (day: string, language: "en" | "zh") => time(`${day}T00:00:00Z`, language, "UTC", "day");

// When the count fell by what was found out later, and where it says why.
export function Falls({ of, why }: { of: Schemas["Fall"][]; why?: boolean }) {
  const { language } = useSettings();
  const t = useDayWords();
  if (of.length === 0) return null;
  return (
    <ul className="plain falls">
      {of.map((fall) => (
        <li key={fall.day} className="fall">
          <WarningOutlined /> {t.fell(fellBy(fall), told(fall.day, language))}{" "}
          {why && <a href="#why">{t.why}</a>}
        </li>
      ))}
    </ul>
  );
}

function Compared({ series }: { series: Series }) {
  const { language } = useSettings();
  const t = useDayWords();
  const usual = series.usual;
  if (!usual) return null;
  const beside = besideUsual(series);
  if (!beside) return <p className="soft">{t.not_usual_yet(usual.works, usual.works_min)}</p>;
  const n = (value: number) => exact(value, language);
  return (
    <p className="sum">
      {t.beside(
        beside.days,
        n(beside.likes),
        t.stands_at[standsAt(beside)],
        n(beside.usual.median),
        n(beside.usual.low),
        n(beside.usual.high),
        beside.usual.works,
      )}
    </p>
  );
}

export function LikesByDay({ kind, id }: Of) {
  const { words, language, palette } = useSettings();
  const t = useDayWords();
  const [which, setWhich] = useState<Which>(kind === "subject" ? "first" : "lately");
  const { asked, two } = useSeries({ kind, id }, which);
  const series = asked.data;
  const option = useMemo(() => (series ? optionOf(series, palette, t) : {}), [series, palette, t]);
  if (asProblem(asked.error).status === 404) return null;
  return (
    <Panel
      title={t.title}
      note={kind === "subject" ? t.note : t.note_creator}
      actions={
        two && (
          <Segmented<Which>
            value={which}
            onChange={setWhich}
            options={[
              { value: "first", label: kind === "subject" ? t.since_out : t.since_first },
              { value: "lately", label: t.lately(spanDays) },
            ]}
          />
        )
      }
    >
      <Answer of={asked} rows={8}>
        {(data) =>
          nothingCounted(data) ? (
            <p className="soft">{words.work.no_likes}</p>
          ) : (
            <>
              <Compared series={data} />
              <Falls of={data.falls} why={kind === "subject"} />
              <Chart option={option} height={306} label={t.title} />
              <Keys usual={data.usual?.days.some((each) => each !== null) ?? false} t={t} />
              <p className="soft small">
                {t.days_told(told(data.days[0]!.day, language), told(data.days.at(-1)!.day, language))}{" "}
                {data.before.likes !== 0 && t.before(exact(data.before.likes, language))}{" "}
                {data.after.likes !== 0 && t.after(exact(data.after.likes, language))}
              </p>
            </>
          )
        }
      </Answer>
    </Panel>
  );
}
