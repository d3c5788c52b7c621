// Experiments with feeds: what is tried on whom, what came of it so far, beginning and ending one.

import { useQuery } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import { Moment, Name, Share, Verdict } from "../parts/figures";
import { Page, Panel } from "../parts/page";
import { Answer, Nothing } from "../parts/states";
import { WithReason } from "../parts/with_reason";
import { useWho } from "../session/session";
import { exact } from "../show/numbers";
import { useSettings } from "../theme/settings";
import { differences, type Experiment, type Policy } from "./experiment";
import { ReportView } from "./experiment_report";
import "./matching.css";
import { NewExperiment } from "./new_experiment";
import { PreferenceView } from "./preference_report";

function Arms({ of, now }: { of: Experiment; now: Policy | undefined }) {
  const { words, language } = useSettings();
  const t = words.experiments;
  return (
    <ul className="plain">
      <li className="line">
        {of.interleaved ? (
          t.one_list
        ) : (
          <>
            <strong>{t.control}</strong> <Share value={of.control_share} digits={2} />
            <span className="soft">{t.as_in_force}</span>
          </>
        )}
      </li>
      {of.arms.map((arm) => (
        <li key={arm.name} className="line">
          <strong>
            <Name of={arm.name} />
          </strong>{" "}
          <Share value={arm.share} digits={2} />
          <span className="soft">
            {now &&
              (differences(arm.policy, now)
                .map(
                  (each) =>
                    `${each.worth ? `${words.matching.worth}: ${words.feed.signal[each.name as "click"]}` : words.matching.setting[each.name as "tag_repeat"]} ` +
                    `${exact(each.was, language)} → ${exact(each.is, language)}`,
                )
                .join(" · ") ||
                t.same_now)}
          </span>
        </li>
      ))}
      {of.holdout_share > 0 && (
        <li className="line">
          <strong>{t.holdout}</strong> <Share value={of.holdout_share} digits={2} />
        </li>
      )}
    </ul>
  );
}

function One({ of, now, refresh }: { of: Experiment; now: Policy | undefined; refresh: () => void }) {
  const { words } = useSettings();
  const t = words.experiments;
  const who = useWho();
  const running = of.ended_at === null;
  return (
    <Panel
      title={<Name of={of.name} />}
      actions={
        <>
          <Verdict kind={running ? "held" : "unjudged"}>{running ? t.running : t.over}</Verdict>
          {running && who.role === "operator" && (
            <WithReason
              label={t.end}
              note={t.end_why}
              button={{ danger: true, size: "small" }}
              send={(why) =>
                ask(api.POST("/v1/feed/experiments/{id}/end", { params: { path: { id: of.id } }, body: { why } }))
              }
              onDone={refresh}
            />
          )}
        </>
      }
    >
      <p>
        {of.why}{" "}
        <span className="soft small">
          · <Name of={of.who} /> · <Moment at={of.started_at} />
          {of.ended_at !== null && (
            <>
              {" "}
              – <Moment at={of.ended_at} />
            </>
          )}
        </span>
      </p>
      {of.ended_at !== null && (
        <p className="soft">
          {t.ended_by} <Name of={of.ended_by ?? ""} />: {of.ended_why}
        </p>
      )}
      <Arms of={of} now={now} />
      {of.report || of.preferences ? (
        <div className="report">
          {of.report && <ReportView of={of.report} worth={now?.worth} />}
          {of.preferences && <PreferenceView of={of.preferences} worth={now?.worth} />}
        </div>
      ) : (
        <p className="soft">{t.no_report}</p>
      )}
    </Panel>
  );
}

export default function ExperimentsPage() {
  const { words } = useSettings();
  const t = words.experiments;
  const who = useWho();
  const policy = useQuery({ queryKey: ["feed-policy"], queryFn: () => ask(api.GET("/v1/feed/policy")) });
  const asked = useQuery({
    queryKey: ["feed-experiments"],
    queryFn: () => ask(api.GET("/v1/feed/experiments")),
    refetchInterval: 5_000,
  });
  const all = [...(asked.data?.experiments ?? [])].sort((a, b) => b.started_at.localeCompare(a.started_at));
  const running = all.some((each) => each.ended_at === null);
  return (
    <Page
      title={words.place.experiments}
      lead={t.lead}
      actions={
        who.role === "operator" &&
        policy.data &&
        asked.data && <NewExperiment now={policy.data} running={running} onDone={() => void asked.refetch()} />
      }
    >
      <Answer of={asked} rows={8}>
        {() =>
          all.length === 0 ? (
            <Panel>
              <Nothing title={t.none}>{t.none_why}</Nothing>
            </Panel>
          ) : (
            all.map((each) => <One key={each.id} of={each} now={policy.data} refresh={() => void asked.refetch()} />)
          )
        }
      </Answer>
    </Page>
  );
}
