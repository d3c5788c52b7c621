import { useMemo, useState } from "react";
import { Segmented } from "../controls/controls";
import { Chart } from "../parts/chart";
import { Moment, Name } from "../parts/figures";
import { duration } from "../show/numbers";
import { time } from "../show/times";
import { ramp } from "../theme/palette";
import { useSettings } from "../theme/settings";
import { accountRows, delays, type Group } from "./case_graph";

type View = "time" | "delay" | "table";

// Works in the order in which the group came to them run through one ramp of colours.
const colourOf = (place: number, of: number): string =>
  ramp[of < 2 ? 3 : Math.round((place / (of - 1)) * (ramp.length - 1))]!;

function useAxes() {
  const { palette: p } = useSettings();
  const axis = {
    axisLabel: { color: p.soft, hideOverlap: true },
    axisLine: { lineStyle: { color: p.line } },
    splitLine: { lineStyle: { color: p.line } },
    nameTextStyle: { color: p.soft },
  };
  const dataZoom = [
    { type: "inside", filterMode: "none" },
    { type: "slider", height: 18, bottom: 4, filterMode: "none", borderColor: p.line },
  ];
  return { axis, dataZoom };
}

const isLarge = (group: Group) => group.accounts.length * group.works.length > 4000;
const dotSize = (group: Group) => (isLarge(group) ? 3 : group.accounts.length > 150 ? 4 : 6);

// A row an account, a dot a like.
function useOverTime(group: Group) {
  const { words, palette: p, language, zone } = useSettings();
  const t = words.case_page;
  const { axis, dataZoom } = useAxes();
  return useMemo(() => {
    const rows = new Map(group.accounts.map((account, place) => [account, place]));
    return {
      grid: { left: 46, right: 14, top: 26, bottom: 58 },
      dataZoom,
      tooltip: {
        trigger: "item",
        formatter: ({ data }: { data: [number, number, string, string] }) =>
          `${data[2]}\n${t.liked(data[3])}\n${time(data[0], language, zone, "precise")}`,
      },
      xAxis: {
        type: "time",
        ...axis,
        axisLabel: {
          ...axis.axisLabel,
          alignMaxLabel: "right",
          formatter: (at: number) => time(at, language, zone, "axis"),
        },
      },
      yAxis: {
        type: "value",
        name: t.accounts_axis,
        nameLocation: "start",
        min: 0,
        max: group.accounts.length,
        inverse: true,
        minInterval: 1,
        ...axis,
      },
      series: group.works.map((work, place) => ({
        name: work,
        type: "scatter",
        symbolSize: dotSize(group),
        color: colourOf(place, group.works.length),
        itemStyle: { borderColor: p.soft, borderWidth: isLarge(group) ? 0 : 0.5 },
        data: group.edges
          .filter((edge) => edge.subject === work)
          .map((edge) => [Date.parse(edge.at), rows.get(edge.user)!, edge.user, edge.subject]),
      })),
    };
  }, [group, p, t, language, zone]);
}

// A row a work, a dot a like, as far to the right as it came after the group's first like of that work.
function useByDelay(group: Group) {
  const { words, palette: p, language } = useSettings();
  const t = words.case_page;
  const { axis, dataZoom } = useAxes();
  return useMemo(() => {
    const dot = { borderColor: p.soft, borderWidth: 0.5, opacity: 0.85 };
    const data = delays(group).map((each) => ({
      value: [each.seconds, each.work, each.account],
      itemStyle: { color: colourOf(each.work, group.works.length), ...dot },
    }));
    return {
      grid: { left: 14, right: 14, top: 26, bottom: 58, containLabel: true },
      dataZoom,
      tooltip: {
        trigger: "item",
        formatter: ({ value }: { value: [number, number, string] }) =>
          `${value[2]}\n${group.works[value[1]] ?? ""}\n${t.after(duration(value[0] * 1000, language))}`,
      },
      xAxis: {
        type: "value",
        ...axis,
        axisLabel: { color: p.soft, formatter: (seconds: number) => duration(seconds * 1000, language) },
      },
      yAxis: {
        type: "category",
        data: group.works,
        inverse: true,
        ...axis,
        axisLabel: { color: p.soft, width: 110, overflow: "truncate" },
      },
      series: [{ type: "scatter", symbolSize: dotSize(group), data }],
    };
  }, [group, p, t, language]);
}

function Accounts({ group }: { group: Group }) {
  const { words } = useSettings();
  const t = words.case_page;
  const rows = accountRows(group);
  return (
    <div className="scroll-x case-accounts" tabIndex={0} role="region" aria-label={t.view.table}>
      <table className="plain-table">
        <thead>
          <tr>
            <th>{t.account}</th>
            <th className="number">{t.likes_in_group}</th>
            <th>{t.first}</th>
            <th>{t.last}</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, 500).map((row) => (
            <tr key={row.account}>
              <td>
                <Name of={row.account} />
                {row.spared && <span className="soft"> · {t.spared}</span>}
              </td>
              <td className="number">{row.likes}</td>
              <td>
                <Moment at={row.first} form="precise" />
              </td>
              <td>
                <Moment at={row.last} form="precise" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function CaseChart({ group }: { group: Group }) {
  const { words } = useSettings();
  const t = words.case_page;
  const [view, setView] = useState<View>("time");
  const options = { time: useOverTime(group), delay: useByDelay(group) };
  const height = Math.min(
    560,
    Math.max(280, view === "time" ? group.accounts.length * 5 : group.works.length * 26 + 90),
  );
  const label = t.graph_label(group.accounts.length, group.works.length, group.edges.length);
  return (
    <>
      <Segmented<View>
        value={view}
        onChange={setView}
        aria-label={t.graph}
        options={(["time", "delay", "table"] as const).map((value) => ({ value, label: t.view[value] }))}
      />
      <p className="panel-note case-note">{t.view_why[view]}</p>
      {view === "table" ? (
        <Accounts group={group} />
      ) : (
        <Chart key={view} points option={options[view]} height={height} label={label} />
      )}
      {view === "time" && (
        <p className="ramp soft small">
          {t.first_work}
          <span className="ramp-way" aria-hidden>
            {ramp.map((colour) => (
              <i key={colour} style={{ background: colour }} />
            ))}
          </span>
          {t.last_work}
        </p>
      )}
      {group.cut && <p className="soft small">{t.cut(group.edges.length)}</p>}
    </>
  );
}
