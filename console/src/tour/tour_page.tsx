import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { Link } from "react-router-dom";
import { api, asProblem, ask, type Schemas } from "../api/client";
import { Button, Progress, say, Steps } from "../controls/controls";
import { HeartFilled, HeartOutlined, ThunderboltOutlined } from "../controls/signs";
import { VerdictsPanel } from "../creator/verdicts_panel";
import "../creator/creator.css";
import { CaseChart } from "../operator/case_chart";
import { fetchGroup } from "../operator/case_graph";
import { Standing } from "../operator/case_parts";
import { Count, Figure, Name } from "../parts/figures";
import { Page, Panel } from "../parts/page";
import { Answer, Loading, Nothing } from "../parts/states";
import { ReceiptView } from "../receipts/receipt_view";
import { useWho } from "../session/session";
import { useSettings } from "../theme/settings";
import { act } from "../viewer/acts";
import { Poster } from "../viewer/poster";
import { reasonTexts } from "../viewer/reasons";
import "./tour.css";
import {
  clearest,
  feedFor,
  firstWorks,
  likesOf,
  newCases,
  newViewer,
  shownMax,
  tourSteps,
  whatChanged,
  type TourStep,
} from "./tour";

interface Trip {
  viewer: string;
  first: Schemas["Feed"] | null;
  liked: { subject: string; id: string; before: number } | null;
  next: Schemas["Feed"] | null;
  known: ReadonlySet<string>;
  // The server's name for the attack; null when somebody started one by hand.
  attack: string | null;
  found: Schemas["CaseSummary"][];
}

type Go = (change: Partial<Trip>, to: TourStep) => void;

function Stop({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <Panel title={title}>
      <div className="stop">{children}</div>
      {action && <div className="line stop-end">{action}</div>}
    </Panel>
  );
}

function LikeStop({ trip, go }: { trip: Trip; go: Go }) {
  const { words } = useSettings();
  const t = words.tour;
  const [busy, setBusy] = useState("");
  const asked = useQuery({
    queryKey: ["tour-feed", trip.viewer],
    queryFn: () => feedFor(trip.viewer),
    staleTime: Infinity,
  });
  const like = async (feed: Schemas["Feed"], subject: string) => {
    setBusy(subject);
    try {
      const before = await likesOf(subject);
      const id = await act(trip.viewer, "like", subject);
      go({ first: feed, liked: { subject, id, before } }, "counted");
    } catch (error) {
      say.error(words.state.not_done + (asProblem(error).detail || words.state.problem.other.title));
      setBusy("");
    }
  };
  return (
    <Stop title={t.title.like}>
      <p>{t.like(trip.viewer)}</p>
      <Answer of={asked}>
        {(feed) =>
          feed.items.length === 0 ? (
            <Nothing title={words.feed.all_seen} />
          ) : (
            <ul className="tour-works">
              {firstWorks(feed).map((item) => (
                <li key={item.subject}>
                  <button
                    type="button"
                    disabled={busy !== ""}
                    onClick={() => void like(feed, item.subject)}
                    aria-label={t.like_work(item.subject)}
                  >
                    <Poster id={item.subject} className="tour-picture" />
                    <span className="tour-heart" aria-hidden>
                      {busy === item.subject ? <HeartFilled /> : <HeartOutlined />}
                    </span>
                    <span className="tour-name">
                      <Name of={item.subject} />
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </Stop>
  );
}

function CountedStop({ trip, go }: { trip: Trip; go: Go }) {
  const { words } = useSettings();
  const t = words.tour;
  const { subject, before } = trip.liked!;
  const asked = useQuery({ queryKey: ["tour-count", subject], queryFn: () => likesOf(subject) });
  return (
    <Stop
      title={t.title.counted}
      action={
        <Button type="primary" onClick={() => go({}, "proven")}>
          {t.on.counted}
        </Button>
      }
    >
      <p>{t.counted}</p>
      <Answer of={asked} rows={2}>
        {(after) => (
          <div className="figures tour-figures">
            <Figure name={t.before}>
              <Count value={before} full />
            </Figure>
            <Figure name={t.after} kind="genuine">
              <Count value={after} full />
            </Figure>
          </div>
        )}
      </Answer>
    </Stop>
  );
}

function NextStop({ trip, go }: { trip: Trip; go: Go }) {
  const { words } = useSettings();
  const t = words.tour;
  const asked = useQuery({
    queryKey: ["tour-next", trip.viewer],
    queryFn: () => feedFor(trip.viewer),
    staleTime: Infinity,
  });
  return (
    <Stop
      title={t.title.next}
      action={
        <Button type="primary" onClick={() => go({ next: asked.data ?? null }, "attack")}>
          {t.on.next}
        </Button>
      }
    >
      <p>{t.next(trip.liked!.subject)}</p>
      <Answer of={asked}>
        {(feed) => (
          <ul className="plain">
            {whatChanged(trip.first!, feed, trip.liked!.subject)
              .slice(0, shownMax)
              .map((change) => (
                <li key={change.subject} className="row tour-change">
                  <Poster id={change.subject} className="tour-small" />
                  <div>
                    <strong>
                      <Name of={change.subject} />
                    </strong>
                    {change.follows && <span className="verdict verdict-genuine">{t.follows}</span>}
                    <br />
                    <span className="soft">{reasonTexts(change.reasons, words).join(" · ")}</span>
                  </div>
                </li>
              ))}
          </ul>
        )}
      </Answer>
    </Stop>
  );
}

// One attack at a time: somebody else's is as good.
async function alreadyRunning(error: unknown): Promise<string> {
  if (asProblem(error).status !== 409) throw error;
  return (await ask(api.GET("/v1/demo/attack"))).id ?? "";
}

function AttackStop({ go }: { go: Go }) {
  const { words } = useSettings();
  const t = words.tour;
  const who = useWho();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const knownCases = async () => {
    const before = await ask(api.GET("/v1/cases", { params: { query: { limit: 200 } } }));
    return new Set(before.items.map((item) => item.case));
  };
  const start = async () => {
    setError(null);
    setBusy(true);
    try {
      const known = await knownCases();
      const id = await ask(api.POST("/v1/demo/attack", { body: { kind: "burst" } })).then(
        (started) => started.id,
        alreadyRunning,
      );
      go({ known, attack: id }, "found");
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  // Without accounts nobody may start one from here; the same from a shell does.
  const offered = !who.open && (error === null || asProblem(error).status !== 404);
  return (
    <Stop
      title={t.title.attack}
      action={
        !who.open && (
          <Button
            danger
            type="primary"
            loading={busy}
            icon={<ThunderboltOutlined />}
            onClick={() => void start()}
          >
            {t.on.attack}
          </Button>
        )
      }
    >
      <p>{t.attack}</p>
      {(error !== null || !offered) && (
        <div role="alert">
          <p className="problem">
            {offered ? asProblem(error).detail || words.state.problem.other.title : t.no_attack}
          </p>
          {!offered && (
            <pre className="rule-text" tabIndex={0}>
              {t.command(location.origin)}
            </pre>
          )}
          {!offered && <Button onClick={() => go({ known: new Set(), attack: null }, "found")}>{t.by_hand}</Button>}
        </div>
      )}
    </Stop>
  );
}

function AttackProgress({ attack }: { attack: Schemas["Attack"] | undefined }) {
  const t = useSettings().words.tour;
  if (!attack) return <Loading rows={1} />;
  return (
    <div>
      <Progress percent={attack.of > 0 ? Math.floor((attack.sent / attack.of) * 100) : 0} aria-label={t.title.attack} />
      <p className="soft">{t.sent(attack.sent, attack.of, attack.accounts)}</p>
      {attack.trouble && (
        <p className="problem" role="alert">
          {attack.trouble}
        </p>
      )}
    </div>
  );
}

// While the attack goes on its groups are found; once it is over one of them is looked at.
function FoundStop({ trip, go }: { trip: Trip; go: Go }) {
  const { words, language } = useSettings();
  const t = words.tour;
  const who = useWho();
  const attack = useQuery({
    queryKey: ["attack", trip.attack],
    enabled: trip.attack !== null && !who.open,
    queryFn: () => ask(api.GET("/v1/demo/attack")),
    // Once nobody is signed in any more there is nothing to ask.
    refetchInterval: (query) =>
      query.state.data?.running === false || asProblem(query.state.error).status === 401 ? false : 700,
  });
  const asked = useQuery({
    queryKey: ["tour-cases"],
    refetchInterval: 1000,
    queryFn: () => ask(api.GET("/v1/cases", { params: { query: { limit: 200 } } })),
  });
  const found = asked.data ? newCases(asked.data, trip.known) : [];
  const over = trip.attack === null || attack.data?.running === false;
  return (
    <Stop
      title={t.title.found}
      action={
        found.length > 0 &&
        over && (
          <Button type="primary" onClick={() => go({ found }, "explained")}>
            {t.on.found}
          </Button>
        )
      }
    >
      {trip.attack !== null && <AttackProgress attack={attack.data} />}
      <p aria-live="polite">{found.length === 0 ? t.looking : t.found(found.length)}</p>
      <ul className="plain">
        {found.slice(0, 6).map((each) => (
          <li key={each.case} className="row">
            <div className="line">
              <Standing of={each.standing} />
              <span>
                {words.cases.size(each.accounts, each.subjects)} · <Count value={each.likes} /> {words.cases.likes}
              </span>
            </div>
            <p className="soft clamp">{each.words[language]}</p>
          </li>
        ))}
      </ul>
    </Stop>
  );
}

function ExplainedStop({ trip, go }: { trip: Trip; go: Go }) {
  const { words, language } = useSettings();
  const t = words.tour;
  const first = clearest(trip.found);
  const group = useQuery({ queryKey: ["case-graph", first.case, first.likes], queryFn: () => fetchGroup(first.case) });
  return (
    <Stop
      title={t.title.explained}
      action={
        <>
          <Button type="primary" disabled={!group.data} onClick={() => go({}, "out")}>
            {t.on.explained}
          </Button>
          <Link to={`/cases/${first.case}`}>{words.case_page.title(first.case)}</Link>
        </>
      }
    >
      <p>{t.explained}</p>
      <p className="case-words">{first.words[language]}</p>
      <Answer of={group} rows={8}>
        {(data) => <CaseChart group={data} />}
      </Answer>
    </Stop>
  );
}

function OutStop({ trip, again }: { trip: Trip; again: () => void }) {
  const { words } = useSettings();
  const t = words.tour;
  const first = clearest(trip.found);
  const asked = useQuery({
    queryKey: ["case", first.case],
    queryFn: () => ask(api.GET("/v1/cases/{id}", { params: { path: { id: first.case } } })),
  });
  return (
    <Stop title={t.title.out} action={<Button onClick={again}>{t.again}</Button>}>
      <p>{t.out}</p>
      <Answer of={asked}>
        {(data) =>
          data.targets[0] ? (
            <VerdictsPanel subject={data.targets[0]} />
          ) : (
            <Nothing title={words.state.problem.missing.title} />
          )
        }
      </Answer>
    </Stop>
  );
}

const freshTrip = (): Trip => ({
  viewer: newViewer(),
  first: null,
  liked: null,
  next: null,
  known: new Set(),
  attack: null,
  found: [],
});

function Tour() {
  const { words } = useSettings();
  const t = words.tour;
  const [trip, setTrip] = useState(freshTrip);
  const [step, setStep] = useState<TourStep>("like");
  const here = useRef<HTMLDivElement>(null);
  const go = useRef<Go>((change, to) => {
    setTrip((before) => ({ ...before, ...change }));
    setStep(to);
  }).current;
  useEffect(() => here.current?.focus({ preventScroll: true }), [step]);
  const again = () => {
    setTrip(freshTrip());
    setStep("like");
  };
  return (
    <Page title={words.place.tour} lead={t.lead}>
      <div className="tour">
        <Steps
          current={tourSteps.indexOf(step)}
          className="tour-steps"
          of={tourSteps.map((name) => t.title[name])}
        />
        <div ref={here} tabIndex={-1} className="tour-stop" data-step={step}>
          {step === "like" && <LikeStop trip={trip} go={go} />}
          {step === "counted" && <CountedStop trip={trip} go={go} />}
          {step === "proven" && (
            <Stop
              title={t.title.proven}
              action={
                <Button type="primary" onClick={() => go({}, "next")}>
                  {t.on.proven}
                </Button>
              }
            >
              <p>{t.proven}</p>
              <ReceiptView id={trip.liked!.id} user={trip.viewer} />
            </Stop>
          )}
          {step === "next" && <NextStop trip={trip} go={go} />}
          {step === "attack" && <AttackStop go={go} />}
          {step === "found" && <FoundStop trip={trip} go={go} />}
          {step === "explained" && <ExplainedStop trip={trip} go={go} />}
          {step === "out" && <OutStop trip={trip} again={again} />}
        </div>
      </div>
    </Page>
  );
}

export default function TourPage() {
  return <Tour key={useWho().role} />;
}
