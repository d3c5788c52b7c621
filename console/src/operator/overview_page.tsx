import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { Link } from "react-router-dom";
import { api, ask, type Schemas } from "../api/client";
import { Segmented } from "../controls/controls";
import { Chart } from "../parts/chart";
import { Count, Figure, MadeUp, Moment, Name, Share, Verdict, WorkLink } from "../parts/figures";
import { Page, Panel } from "../parts/page";
import { Answer, Nothing } from "../parts/states";
import { exact } from "../show/numbers";
import { time } from "../show/times";
import { useSettings, useWords } from "../theme/settings";
import { useLive, type Live } from "./live";
import { latencyBound, parseMetrics, rate, withSample, type Sample } from "./metrics";
import "./operator.css";

const lookMs = 2000;

function useSamples() {
  const [samples, setSamples] = useState<Sample[]>([]);
  const asked = useQuery({
    queryKey: ["metrics"],
    refetchInterval: lookMs,
    gcTime: 0,
    queryFn: async () => parseMetrics(String(await ask(api.GET("/metrics", { parseAs: "text" }))), Date.now()),
  });
  useEffect(() => {
    if (asked.data)
      setSamples((before) => (before.at(-1)?.at === asked.data.at ? before : withSample(before, asked.data)));
  }, [asked.data]);
  return { samples, error: asked.error };
}

const counters = [
  "zan_events_accepted_total",
  "zan_judged_genuine_total",
  "zan_judged_held_total",
  "zan_judged_rejected_total",
] as const;

function Rates({ samples }: { samples: Sample[] }) {
  const { words, palette: p, language, zone } = useSettings();
  const t = words.overview;
  const option = useMemo(() => {
    const lines = [p.series[0], p.genuine, p.held, p.rejected];
    const kinds = ["solid", "solid", "dashed", "dotted"];
    // Two minutes at least, so that the first points are not drawn as if they were all there is.
    const now = samples.at(-1)?.at ?? 0;
    return {
      grid: { left: 8, right: 28, top: 34, bottom: 4, containLabel: true },
      legend: { top: 0, left: 0, textStyle: { color: p.soft }, icon: "roundRect", itemWidth: 14, itemHeight: 4 },
      tooltip: { trigger: "axis" },
      xAxis: {
        type: "time",
        min: Math.min(samples[0]?.at ?? now, now - 120_000),
        max: now,
        axisLabel: {
          color: p.soft,
          alignMaxLabel: "right",
          formatter: (at: number) => time(at, language, zone, "clock"),
          hideOverlap: true,
        },
        axisLine: { lineStyle: { color: p.line } },
      },
      yAxis: {
        type: "value",
        minInterval: 1,
        axisLabel: { color: p.soft },
        splitLine: { lineStyle: { color: p.line } },
      },
      series: counters.map((name, i) => ({
        name: t.rate[i],
        type: "line",
        showSymbol: false,
        lineStyle: { width: 2, type: kinds[i] },
        color: lines[i],
        areaStyle: i === 0 ? { opacity: 0.08 } : undefined,
        data: samples.slice(1).map((sample, at) => [sample.at, rate(samples[at]!, sample, name)]),
      })),
    };
  }, [samples, p, t, language, zone]);
  return <Chart option={option} height={240} label={t.rates_label} />;
}

function Judged({ status }: { status: Schemas["Status"] }) {
  const t = useWords().overview;
  const { intake, integrity } = status;
  if (!intake) return <Nothing title={t.no_integrity} />;
  const all = intake.genuine + intake.held + intake.rejected;
  const parts = [
    ["genuine", intake.genuine],
    ["held", intake.held],
    ["rejected", intake.rejected],
  ] as const;
  return (
    <>
      <p className="panel-note">{t.judged_why}</p>
      <div className="split" role="img" aria-label={t.judged}>
        {all > 0 &&
          parts.map(([kind, n]) => n > 0 && <i key={kind} className={`split-${kind}`} style={{ flexGrow: n }} />)}
      </div>
      <ul className="plain judged">
        {parts.map(([kind, n]) => (
          <li key={kind} className="line">
            <Verdict kind={kind} />
            <span className="end">
              <Count value={n} />
              {all > 0 && (
                <span className="soft">
                  {" "}
                  · <Share value={n / all} digits={2} />
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
      {integrity && (
        <>
          <p className="panel-note">{t.later_why}</p>
          <ul className="plain judged">
            <li className="line">
              <Verdict kind="held">{t.held_now}</Verdict>
              <span className="end">
                <Count value={integrity.likes_held} />
              </span>
            </li>
            <li className="line">
              <Verdict kind="rejected">{t.rejected_now}</Verdict>
              <span className="end">
                <Count value={integrity.likes_rejected} />
              </span>
            </li>
          </ul>
        </>
      )}
    </>
  );
}

function TopWorks() {
  const words = useWords();
  const t = words.overview;
  const [window, setWindow] = useState<"1h" | "1d" | "all">("1d");
  const asked = useQuery({
    queryKey: ["top", window],
    refetchInterval: 5000,
    queryFn: () => ask(api.GET("/v1/top", { params: { query: { window, limit: 10 } } })),
  });
  return (
    <Panel
      title={t.top}
      actions={
        <Segmented
          size="small"
          value={window}
          onChange={setWindow}
          aria-label={t.top}
          options={(["1h", "1d", "all"] as const).map((value) => ({ value, label: t.window[value] }))}
        />
      }
    >
      <Answer of={asked}>
        {({ items }) =>
          items.length === 0 ? (
            <Nothing title={t.no_top} />
          ) : (
            <div className="bars">
              {items.map((item) => (
                <div className="bar" key={item.subject}>
                  <span>
                    <WorkLink id={item.subject} /> <MadeUp id={item.subject} />
                  </span>
                  <span className="bar-way" aria-hidden>
                    <i className="bar-fill" style={{ width: `${(item.likes / (items[0]?.likes || 1)) * 100}%` }} />
                  </span>
                  <span className="bar-value">
                    <Count value={item.likes} />
                  </span>
                </div>
              ))}
            </div>
          )
        }
      </Answer>
    </Panel>
  );
}

function LiveActs({ live }: { live: Live }) {
  const words = useWords();
  const t = words.overview;
  return (
    <Panel title={t.live} note={t.live_state[live.state]}>
      {live.acts.length === 0 ? (
        <p className="soft">{t.quiet}</p>
      ) : (
        <ul className="plain">
          {live.acts.map((act) => (
            <li key={act.position} className="row line">
              <span className="grow">
                <Name of={act.actor} /> · {words.act[act.type as keyof typeof words.act] ?? act.type} ·{" "}
                {act.subject ? <WorkLink id={act.subject} /> : <Name of={act.creator ?? ""} />}
              </span>
              {act.verdict && <Verdict kind={act.verdict} />}
              <span className="soft small">
                <Moment at={act.at} form="clock" />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Health({ status, samples }: { status: Schemas["Status"]; samples: Sample[] }) {
  const { words, language } = useSettings();
  const t = words.overview;
  const last = samples.at(-1);
  const first = samples.length > 1 ? samples[Math.max(0, samples.length - 31)]! : null;
  const bound = (share: number) => {
    const found = last ? latencyBound(first, last, share) : null;
    if (found === null) return t.no_answers;
    return found === Infinity ? t.above_all : `≤ ${exact(found * 1000, language)} ms`;
  };
  const troubles = [
    status.reason,
    status.evidence?.trouble,
    status.integrity?.trouble,
    status.intake?.trouble,
    status.audience?.trouble,
    status.matching?.trouble,
  ].filter((text): text is string => Boolean(text));
  const behind = [
    ["integrity", status.integrity],
    ["intake", status.intake],
    ["audience", status.audience],
    ["matching", status.matching],
  ] as const;
  const late = behind.filter(([, part]) => part && !part.caught_up).map(([name]) => t.part[name]);
  return (
    <Panel title={t.health} actions={<Link to="/status">{words.place.status}</Link>}>
      <div className="figures">
        <Figure name={t.state}>
          <span className={status.status === "ready" ? "" : "problem"}>{t.status[status.status]}</span>
        </Figure>
        <Figure name={t.waiting} note={t.waiting_why}>
          <Count value={status.waiting} full />
        </Figure>
        <Figure name={t.p50} note={t.latency_why}>
          {bound(0.5)}
        </Figure>
        <Figure name={t.p99} note={t.latency_why}>
          {bound(0.99)}
        </Figure>
      </div>
      {late.length > 0 && <p className="soft">{t.behind(late.join(", "))}</p>}
      {troubles.map((text) => (
        <p key={text} className="problem" role="alert">
          {text}
        </p>
      ))}
    </Panel>
  );
}

export default function OverviewPage() {
  const words = useWords();
  const t = words.overview;
  const live = useLive();
  const { samples } = useSamples();
  const status = useQuery({ queryKey: ["status"], queryFn: () => ask(api.GET("/v1/status")), refetchInterval: lookMs });
  const last = samples.at(-1);
  const before = samples.at(-2);
  const accepted = last && before ? rate(before, last, counters[0]) : null;
  return (
    <Page title={words.place.overview} lead={t.lead}>
      <Answer of={status} rows={10}>
        {(now) => (
          <>
            <div className="figures">
              <Figure name={t.likes_now} note={live.state === "live" ? t.from_stream : t.live_state[live.state]}>
                {live.state === "live" ? <Count value={live.likesASecond} full /> : "–"}
              </Figure>
              <Figure name={t.acts_now} note={t.from_counters}>
                {accepted === null ? "–" : <Count value={Math.round(accepted)} full />}
              </Figure>
              <Figure name={t.accepted} note={t.since_ever}>
                <Count value={now.accepted} />
              </Figure>
              {now.integrity && (
                <Figure
                  name={t.cases_waiting}
                  kind={now.integrity.overdue > 0 ? "rejected" : undefined}
                  note={<Link to="/cases">{t.overdue(now.integrity.overdue)}</Link>}
                >
                  <Count value={now.integrity.waiting} full />
                </Figure>
              )}
              {now.evidence && (
                <Figure name={t.entries} note={t.published(exactGap(now.evidence))}>
                  <Count value={now.evidence.entries} />
                </Figure>
              )}
            </div>
            <Panel title={t.rates} note={t.rates_why}>
              <Rates samples={samples} />
            </Panel>
            <div className="columns">
              <Panel title={t.judged}>
                <Judged status={now} />
              </Panel>
              <TopWorks />
            </div>
            <Health status={now} samples={samples} />
            <LiveActs live={live} />
          </>
        )}
      </Answer>
    </Page>
  );
}

const exactGap = (evidence: Schemas["EvidenceStatus"]) => evidence.entries - evidence.published;
