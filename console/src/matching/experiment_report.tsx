// The report of an experiment: for each signal and arm the rate with its confidence sequence, which holds however often
// one looks, the difference from the control, and since when it is decided.

import type { Schemas } from "../api/client";
import { Alert } from "../controls/controls";
import { Count, Moment, Share, Verdict } from "../parts/figures";
import { exactPercent } from "../show/numbers";
import { useSettings } from "../theme/settings";
import { scaleOf, signals, toldOf, type Arm, type Rate, type Report, type Signal } from "./experiment";

export function Interval({ of }: { of: { low: number; high: number } }) {
  return (
    <span className="soft small nowrap">
      <Share value={of.low} digits={2} /> – <Share value={of.high} digits={2} />
    </span>
  );
}

// Beside zero: the interval as a bar, the difference as a mark.
export function Beside({ rate, scale }: { rate: Rate; scale: number }) {
  const { words, language } = useSettings();
  const between = rate.difference_interval;
  if (!between || rate.difference === undefined) return null;
  const place = (value: number) => 50 + (value / scale) * 48;
  const told = words.experiments.told(
    exactPercent(rate.difference, language),
    exactPercent(between.low, language),
    exactPercent(between.high, language),
  );
  return (
    <span className="beside" role="img" aria-label={told} title={told}>
      <i className="beside-zero" />
      <i
        className="beside-range"
        style={{ left: `${place(between.low)}%`, width: `${place(between.high) - place(between.low)}%` }}
      />
      <i className="beside-mark" style={{ left: `${place(rate.difference)}%` }} />
    </span>
  );
}

export function ToldCell({ rate, worth }: { rate: Rate; worth: number }) {
  const t = useSettings().words.experiments;
  const told = toldOf(rate, worth);
  if (told === "control") return null;
  if (told === "not_yet") return <span className="soft">{t.not_yet}</span>;
  const kind = told === "better" ? "genuine" : told === "worse" ? "rejected" : "unjudged";
  return (
    <>
      <Verdict kind={kind}>{t.is[told]}</Verdict>
      {rate.decided_at && (
        <div className="soft small">
          {t.since} <Moment at={rate.decided_at} />
        </div>
      )}
    </>
  );
}

function SignalRows({ name, arms, worth }: { name: Signal; arms: Arm[]; worth: number }) {
  const { words } = useSettings();
  const scale = scaleOf(arms.map((arm) => arm.rates[name]));
  return (
    <>
      {arms.map((arm, i) => {
        const rate = arm.rates[name];
        return (
          <tr key={arm.name}>
            {i === 0 && (
              <th scope="rowgroup" rowSpan={arms.length}>
                {words.feed.signal[name]}
              </th>
            )}
            <td>{i === 0 ? words.experiments.control : arm.name}</td>
            <td className="number">
              <Share value={rate.by_person} digits={2} />
              <br />
              <Interval of={rate.interval} />
            </td>
            <td>
              <Beside rate={rate} scale={scale} />
            </td>
            <td className="number">
              {rate.difference !== undefined && (
                <>
                  {rate.difference > 0 && "+"}
                  <Share value={rate.difference} digits={2} />
                  <br />
                  {rate.difference_interval && <Interval of={rate.difference_interval} />}
                </>
              )}
            </td>
            <td>
              <ToldCell rate={rate} worth={worth} />
            </td>
          </tr>
        );
      })}
    </>
  );
}

function Rates({ of, worth }: { of: Report; worth: Schemas["FeedPolicy"]["worth"] | undefined }) {
  const { words } = useSettings();
  const t = words.experiments;
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label={t.rates}>
      <table className="plain-table rates">
        <thead>
          <tr>
            <th>{words.matching.signal}</th>
            <th>{t.arm}</th>
            <th className="number">{t.by_person}</th>
            <th>{t.beside}</th>
            <th className="number">{t.difference}</th>
            <th>{t.decided}</th>
          </tr>
        </thead>
        <tbody>
          {signals.map((name) => (
            <SignalRows key={name} name={name} arms={of.arms} worth={worth?.[name] ?? 0} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Exposure({ of }: { of: Report }) {
  const { words } = useSettings();
  const t = words.experiments;
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label={t.exposure}>
      <table className="plain-table">
        <thead>
          <tr>
            <th>{t.arm}</th>
            <th className="number">{t.people}</th>
            <th className="number">{t.settled}</th>
            <th className="number">{t.showings}</th>
            <th className="number">{t.explored}</th>
            <th className="number">{t.works_gini}</th>
            <th className="number">{t.creators_gini}</th>
          </tr>
        </thead>
        <tbody>
          {of.arms.map((arm, i) => (
            <tr key={arm.name}>
              <td>{i === 0 ? t.control : arm.name}</td>
              <td className="number">
                <Count value={arm.people} />
              </td>
              <td className="number">
                <Count value={arm.people_settled} />
              </td>
              <td className="number">
                <Count value={arm.showings} />
              </td>
              <td className="number">
                <Share value={arm.explored_share} digits={2} />
              </td>
              <td className="number">
                <Share value={arm.works_gini} digits={2} />
              </td>
              <td className="number">
                <Share value={arm.creators_gini} digits={2} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function ReportView({ of, worth }: { of: Report; worth: Schemas["FeedPolicy"]["worth"] | undefined }) {
  const t = useSettings().words.experiments;
  if (of.proportions_broken) return <Alert type="error" message={t.broken} description={t.broken_why} />;
  return (
    <>
      {of.arms.every((arm) => arm.people_settled === 0) ? (
        <p className="soft">{t.nobody_settled}</p>
      ) : (
        <>
          <Rates of={of} worth={worth} />
          <p className="soft small">{t.rates_why}</p>
        </>
      )}
      <h3 className="report-part">{t.exposure}</h3>
      <Exposure of={of} />
      <p className="soft small">
        {t.exposure_why}
        {of.showings_turned_away > 0 && ` ${t.turned_away(of.showings_turned_away)}`}
      </p>
    </>
  );
}
