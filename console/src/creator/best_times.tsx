// When those who like a work, or a creator's works, are there: in words with how sure that is, and as a week of shaded cells.

import { useQuery } from "@tanstack/react-query";
import { api, asProblem, ask, type Schemas } from "../api/client";
import { Share } from "../parts/figures";
import { Panel } from "../parts/page";
import { Answer, Nothing } from "../parts/states";
import { percent } from "../show/numbers";
import { useSettings } from "../theme/settings";
import { shades, stretches } from "./series";

type Times = Schemas["BestTimes"];
type Kind = "subject" | "creator";
interface Of {
  kind: Kind;
  times: Times;
}

const clock = (hour: number) => `${String(hour).padStart(2, "0")}:00`;

function Told({ kind, times }: Of) {
  const { words, language } = useSettings();
  const t = words.best_times;
  const hours = stretches(times.hours).map(({ from, to, share }) =>
    t.stretch(clock(from), clock(to), percent(share, language, 0)),
  );
  const days = times.days.filter((day) => day.best).map(({ day }) => t.weekday[day]);
  return (
    <>
      <p className="sum">{times.hours_differ ? t[kind].hours(t.list(hours)) : t.no_hours}</p>
      <p>{times.days_differ ? t.days(t.list(days)) : t.no_days}</p>
    </>
  );
}

function Week({ kind, times }: Of) {
  const { words, language } = useSettings();
  const t = words.best_times;
  const shade = shades(times.week);
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label={t[kind].week}>
      <table className="week">
        <caption className="unseen">{t[kind].week}</caption>
        <thead>
          <tr>
            <td />
            {times.hours.map(({ from, to }) => (
              <th key={from} scope="col" className={times.hours.find((hour) => hour.from === from)?.best ? "best" : ""}>
                {from}–{to}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times.week.map((row, i) => (
            <tr key={times.days[i]!.day}>
              <th scope="row" className={times.days[i]!.best ? "best" : ""}>
                {t.weekday[times.days[i]!.day]}
              </th>
              {row.map((share, block) => (
                <td key={block} className={`heat heat-${shade[i]![block]}`}>
                  {percent(share, language, 1)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Sure({ times }: { times: Times }) {
  const { words } = useSettings();
  const t = words.best_times;
  return (
    <details>
      <summary>{t.how_sure}</summary>
      <p className="soft">{t.how_sure_why(times.people)}</p>
      <table className="plain-table">
        <thead>
          <tr>
            <th>{t.when}</th>
            <th className="number">{t.share}</th>
            <th className="number">{t.low}</th>
            <th className="number">{t.high}</th>
          </tr>
        </thead>
        <tbody>
          {times.hours.map((hour) => (
            <tr key={hour.from}>
              <td>
                {clock(hour.from)}–{clock(hour.to)}
              </td>
              <td className="number">
                <Share value={hour.share} />
              </td>
              <td className="number">
                <Share value={hour.low} />
              </td>
              <td className="number">
                <Share value={hour.high} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

export function BestTimesPanel({ kind, id }: { kind: Kind; id: string }) {
  const { words } = useSettings();
  const t = words.best_times;
  const params = { path: { id } };
  const asked = useQuery({
    queryKey: ["best-times", kind, id],
    queryFn: () =>
      kind === "subject"
        ? ask(api.GET("/v1/subjects/{id}/best_times", { params }))
        : ask(api.GET("/v1/creators/{id}/best_times", { params })),
  });
  if (asProblem(asked.error).status === 404) return null;
  const zone = asked.data ? t.zone(asked.data.zone_minutes / 60) : "";
  return (
    <Panel title={t[kind].title} note={t[kind].note + zone}>
      <Answer of={asked}>
        {(times) =>
          times.people === 0 ? (
            <Nothing title={t.too_few}>{t[kind].too_few_why(times.people_min)}</Nothing>
          ) : (
            <>
              <Told kind={kind} times={times} />
              <Week kind={kind} times={times} />
              <Sure times={times} />
            </>
          )
        }
      </Answer>
    </Panel>
  );
}
