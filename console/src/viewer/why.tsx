// All that led to one place in a feed: reasons in words, the chances that were reckoned with, what they are worth.

import type { ReactNode } from "react";
import { Alert } from "../controls/controls";
import { Name, Share } from "../parts/figures";
import { Facts } from "../parts/page";
import { useSettings } from "../theme/settings";
import { exact } from "../show/numbers";
import type { Work } from "./feed_state";
import { reasonTexts } from "./reasons";

const signals = ["click", "long_view", "like", "follow", "comment", "dislike", "leave"] as const;

export function Why({ work, model }: { work: Work; model: number | null }) {
  const { words, language } = useSettings();
  const t = words.feed;
  const { item } = work;
  const facts: [string, ReactNode][] = [[t.source, t.from[item.source]]];
  if (item.creator) facts.push([t.made_by, <Name key="by" of={item.creator} />]);
  if (item.worth !== null) facts.push([t.worth, exact(item.worth, language)]);
  if (model !== null) facts.push([t.model, String(model)]);
  return (
    <div className="why">
      <ul className="why-reasons">
        {reasonTexts(item.reasons, words).map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      {item.explored && <Alert type="info" message={t.explored_why} />}
      {item.label === "operator" && <Alert type="warning" message={t.placed_why} />}
      <h3>{t.chances}</h3>
      <div className="bars">
        {signals.map((signal) => (
          <div className="bar" key={signal}>
            <span>{t.signal[signal]}</span>
            <span className="bar-way" aria-hidden>
              <i className="bar-fill" style={{ width: `${item.chances[signal] * 100}%` }} />
            </span>
            <span className="bar-value">
              <Share value={item.chances[signal]} />
            </span>
          </div>
        ))}
      </div>
      <p className="soft small">{t.chances_why}</p>
      <Facts of={facts} />
    </div>
  );
}
