// What stands of a case in lists and on its own page, for the staff and for creators alike.

import type { Schemas } from "../api/client";
import { Verdict, type VerdictKind } from "../parts/figures";
import { exact } from "../show/numbers";
import { useSettings, useWords } from "../theme/settings";

export const kindOfStanding: Record<Schemas["Standing"], VerdictKind> = {
  suspected: "held",
  confirmed: "rejected",
  cleared: "genuine",
};

export function Standing({ of }: { of: Schemas["Standing"] }) {
  return <Verdict kind={kindOfStanding[of]}>{useWords().standing[of]}</Verdict>;
}

// Points for an attack to the right, for people to the left.
export function Reasons({ of }: { of: Schemas["CaseReasons"] }) {
  const { words, language } = useSettings();
  const most = Math.max(1, ...of.map((reason) => Math.abs(reason.points ?? 0)));
  return (
    <div className="reasons" role="table" aria-label={words.cases.reasons}>
      <div className="reasons-head soft small" role="row">
        <span role="columnheader">{words.cases.trait_name}</span>
        <span role="columnheader">← {words.cases.for_people}</span>
        <span role="columnheader">{words.cases.for_attack} →</span>
        <span role="columnheader" className="bar-value">
          {words.cases.points}
        </span>
      </div>
      {of.map(({ trait, points }) => {
        const value = points ?? 0;
        const width = `${(Math.abs(value) / most) * 100}%`;
        return (
          <div className="reason" role="row" key={trait} title={words.cases.trait_why[trait]}>
            <span role="cell">{words.cases.trait[trait]}</span>
            <span role="cell" className="reason-left">
              <i style={{ width: value < 0 ? width : 0 }} />
            </span>
            <span role="cell" className="reason-right">
              <i style={{ width: value > 0 ? width : 0 }} />
            </span>
            <span role="cell" className="bar-value">
              {points === null ? "–" : `${value > 0 ? "+" : ""}${exact(value, language)}`}
            </span>
          </div>
        );
      })}
    </div>
  );
}
