// How the size of a segment went, as it was told each time: a line that breaks off where there were too few to tell, and
// the same as a table.

import { useMemo } from "react";
import type { Schemas } from "../api/client";
import { Chart } from "../parts/chart";
import { Count, Moment } from "../parts/figures";
import { Panel } from "../parts/page";
import { exact } from "../show/numbers";
import { time } from "../show/times";
import { useSettings } from "../theme/settings";

type Told = Schemas["Segment"]["history"][number];

const tableMax = 50;

function Line({ of }: { of: Told[] }) {
  const { words, palette: p, language, zone } = useSettings();
  const label = words.segment_page.sizes;
  const option = useMemo(
    () => ({
      grid: { left: 8, right: 16, top: 14, bottom: 4, containLabel: true },
      tooltip: { trigger: "axis", valueFormatter: (n: unknown) => (typeof n === "number" ? exact(n, language) : "–") },
      xAxis: {
        type: "time",
        axisLabel: { color: p.soft, hideOverlap: true, formatter: (at: number) => time(at, language, zone, "day") },
        axisLine: { lineStyle: { color: p.line } },
      },
      yAxis: {
        type: "value",
        scale: true,
        minInterval: 1,
        axisLabel: { color: p.soft, formatter: (n: number) => exact(n, language) },
        splitLine: { lineStyle: { color: p.line } },
      },
      series: [
        {
          type: "line",
          name: words.segments.people,
          step: "end",
          showSymbol: of.length < 60,
          data: of.map((each) => [new Date(each.at).getTime(), each.size]),
        },
      ],
    }),
    [of, p, language, zone, words],
  );
  return <Chart option={option} height={210} label={label} />;
}

export function SizeHistory({ of }: { of: Told[] }) {
  const { words } = useSettings();
  const t = words.segment_page;
  const newest = [...of].reverse().slice(0, tableMax);
  return (
    <Panel title={t.sizes} note={t.sizes_why}>
      {of.length === 0 ? (
        <p className="soft">{t.no_sizes}</p>
      ) : (
        <>
          {of.length > 1 && <Line of={of} />}
          <details open={of.length === 1}>
            <summary>{words.case_page.view.table}</summary>
            <div className="scroll-x size-table" tabIndex={0} role="region" aria-label={t.sizes}>
              <table className="plain-table">
                <thead>
                  <tr>
                    <th>{t.measured}</th>
                    <th>{t.version}</th>
                    <th className="number">{words.segments.people}</th>
                  </tr>
                </thead>
                <tbody>
                  {newest.map((each) => (
                    <tr key={each.at}>
                      <td>
                        <Moment at={each.at} form="precise" />
                      </td>
                      <td>{each.version}</td>
                      <td className="number">
                        {each.size === null ? words.segments.too_few : <Count value={each.size} full />}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </details>
        </>
      )}
    </Panel>
  );
}
