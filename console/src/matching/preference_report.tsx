// The report of an interleaved experiment: whose works are taken to, of two policies that drafted one list.

import type { Schemas } from "../api/client";
import { Count, Share } from "../parts/figures";
import { useSettings } from "../theme/settings";
import { rateOf, scaleOf, signals, type Preferences, type Signal } from "./experiment";
import { Beside, Interval, ToldCell } from "./experiment_report";

interface SignalRowProps {
  name: Signal;
  of: Preferences;
  worth: number;
  scale: number;
}

function SignalRow({ name, of, worth, scale }: SignalRowProps) {
  const { words } = useSettings();
  const signal = of.signals[name];
  const rate = rateOf(signal);
  return (
    <tr>
      <th scope="row">{words.feed.signal[name]}</th>
      <td className="number">
        <Count value={signal.in_service} />
      </td>
      <td className="number">
        <Count value={signal.tried} />
      </td>
      <td>
        <Beside rate={rate} scale={scale} />
      </td>
      <td className="number">
        {signal.preference > 0 && "+"}
        <Share value={signal.preference} digits={2} />
        <br />
        <Interval of={signal.interval} />
      </td>
      <td>
        <ToldCell rate={rate} worth={worth} />
      </td>
    </tr>
  );
}

export function PreferenceView({ of, worth }: { of: Preferences; worth: Schemas["FeedPolicy"]["worth"] | undefined }) {
  const { words } = useSettings();
  const t = words.experiments;
  const scale = scaleOf(signals.map((name) => rateOf(of.signals[name])));
  return (
    <>
      <p className="soft small">
        {t.preference_counts(of.people, of.people_settled, of.requests, of.places_in_service, of.places_tried)}
        {of.requests_turned_away > 0 && ` ${t.requests_turned_away(of.requests_turned_away)}`}
      </p>
      {of.people_settled === 0 ? (
        <p className="soft">{t.nobody_settled}</p>
      ) : (
        <>
          <div className="scroll-x" tabIndex={0} role="region" aria-label={t.preference}>
            <table className="plain-table rates">
              <thead>
                <tr>
                  <th>{words.matching.signal}</th>
                  <th className="number">{t.for_in_service}</th>
                  <th className="number">{t.for_tried}</th>
                  <th>{t.beside_nobody}</th>
                  <th className="number">{t.preference}</th>
                  <th>{t.decided}</th>
                </tr>
              </thead>
              <tbody>
                {signals.map((name) => (
                  <SignalRow key={name} name={name} of={of} worth={worth?.[name] ?? 0} scale={scale} />
                ))}
              </tbody>
            </table>
          </div>
          <p className="soft small">{t.preference_why}</p>
        </>
      )}
    </>
  );
}
