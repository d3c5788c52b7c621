import { useCallback, useEffect, useReducer, useRef, useState, type KeyboardEvent } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "react-router-dom";
import { asProblem } from "../api/client";
import { Button, Drawer, say, Switch } from "../controls/controls";
import { DownOutlined, ReloadOutlined, UpOutlined } from "../controls/signs";
import { Page, Panel } from "../parts/page";
import { Loading, Nothing, Trouble } from "../parts/states";
import { fetchReceipt } from "../receipts/receipt";
import { ReceiptDrawer } from "../receipts/receipt_view";
import { useWho } from "../session/session";
import { useWords } from "../theme/settings";
import { act, askFeed, countsFor } from "./acts";
import { Card } from "./card";
import { emptyFeed, feedAfter, onScreen, wantsMore, type Work } from "./feed_state";
import { keepReceipt } from "./kept_receipts";
import "./viewer.css";
import { Why } from "./why";

const pageSize = 4;

// The feed of one viewer: asks for more as it is gone through, and tells the server what is done.
function useFeed(viewer: string, personalised: boolean) {
  const [state, change] = useReducer(feedAfter, emptyFeed);
  const [model, setModel] = useState<number | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const round = useRef(0);
  const asking = useRef(false);
  const more = useCallback(
    async (not: string) => {
      if (asking.current) return;
      asking.current = true;
      const mine = round.current;
      setBusy(true);
      setError(null);
      try {
        const { feed, works } = await askFeed({ viewer, personalised, not, limit: pageSize });
        if (mine === round.current) {
          setModel(feed.model_version);
          change({ kind: "came", works });
        }
      } catch (problem) {
        if (mine === round.current) setError(problem);
      } finally {
        asking.current = false;
        setBusy(false);
      }
    },
    [viewer, personalised],
  );
  const restart = useCallback(() => {
    ++round.current;
    asking.current = false;
    change({ kind: "cleared" });
    void more("");
  }, [more]);
  useEffect(restart, [restart]);
  useEffect(() => {
    if (state.works.length > 0 && wantsMore(state) && !busy && error === null) void more(onScreen(state));
  }, [state, busy, error, more]);
  return { state, change, model, busy, error, restart, more: () => void more(onScreen(state)) };
}

function useDeeds(viewer: string, change: ReturnType<typeof useFeed>["change"]) {
  const words = useWords();
  const client = useQueryClient();
  const failed = (problem: unknown) =>
    say.error(words.state.not_done + (asProblem(problem).detail || words.state.problem.other.title));
  const recount = async (subject: string) => {
    const [found] = await countsFor(viewer, [subject]);
    if (found) change({ kind: "counted", subject, counts: found.counts, mine: found.viewer });
  };
  const react = async (work: Work, what: "liked" | "disliked") => {
    const { subject } = work.item;
    const on = !work.mine[what];
    change({ kind: "mine", subject, change: { [what]: on } });
    change({ kind: "logged", subject, receipt: null });
    try {
      const id = await act(viewer, on ? (what === "liked" ? "like" : "dislike") : "unlike", subject);
      keepReceipt({
        viewer,
        id,
        subject,
        type: on ? (what === "liked" ? "like" : "dislike") : "unlike",
        at: new Date().toISOString(),
      });
      await recount(subject);
      await fetchReceipt(id, viewer);
      change({ kind: "logged", subject, receipt: id });
      void client.invalidateQueries({ queryKey: ["interests", viewer] });
    } catch (problem) {
      failed(problem);
      await recount(subject).catch(() => undefined);
    }
  };
  const comment = async (work: Work, text: string) => {
    const { subject } = work.item;
    try {
      const id = await act(viewer, "comment", subject, { text });
      keepReceipt({ viewer, id, subject, type: "comment", at: new Date().toISOString() });
      change({ kind: "logged", subject, receipt: id });
      await recount(subject);
      say.success(words.feed.commented);
      return true;
    } catch (problem) {
      failed(problem);
      return false;
    }
  };
  const watched = async (work: Work, milliseconds: number) => {
    const { subject } = work.item;
    const length = work.durationMs > 0 ? { duration_ms: work.durationMs } : {};
    try {
      await act(viewer, "view", subject, { watch_ms: milliseconds, ...length });
      if (work.durationMs > 0 && milliseconds >= work.durationMs)
        await act(viewer, "complete", subject, { watch_ms: milliseconds, ...length });
      await recount(subject);
    } catch (problem) {
      failed(problem);
    }
  };
  return { react, comment, watched };
}

function useInSight(count: number, seen: (index: number) => void) {
  const box = useRef<HTMLDivElement>(null);
  const tell = useRef(seen);
  tell.current = seen;
  useEffect(() => {
    const root = box.current;
    if (!root) return;
    const watch = new IntersectionObserver(
      (entries) => {
        for (const entry of entries)
          if (entry.isIntersecting) tell.current(Number((entry.target as HTMLElement).dataset.place));
      },
      { root, threshold: 0.6 },
    );
    root.querySelectorAll("[data-place]").forEach((element) => watch.observe(element));
    return () => watch.disconnect();
  }, [count]);
  const go = (index: number) =>
    box.current?.querySelector(`[data-place="${index}"]`)?.scrollIntoView({ block: "start", behavior: "smooth" });
  return { box, go };
}

// Wide enough for the reasons to stand beside the feed.
const wide = () => matchMedia("(min-width: 1100px)").matches;

function PhoneKeys({ go }: { go: (by: number) => void }) {
  const t = useWords().feed;
  return (
    <div className="phone-keys">
      <Button shape="circle" icon={<UpOutlined />} aria-label={t.before} onClick={() => go(-1)} />
      <Button shape="circle" icon={<DownOutlined />} aria-label={t.next} onClick={() => go(1)} />
    </div>
  );
}

interface SwitchesProps {
  personalised: boolean;
  change: (on: boolean) => void;
  restart: () => void;
}

function FeedSwitches({ personalised, change, restart }: SwitchesProps) {
  const t = useWords().feed;
  return (
    <>
      <label className="switch">
        <Switch checked={personalised} onChange={change} aria-label={t.personalised} /> {t.personalised}
      </label>
      <Button icon={<ReloadOutlined />} onClick={restart}>
        {t.fresh_feed}
      </Button>
    </>
  );
}

type EndProps = Pick<ReturnType<typeof useFeed>, "state" | "busy" | "error" | "restart" | "more">;

function FeedEnd({ state, busy, error, restart, more }: EndProps) {
  const t = useWords().feed;
  return (
    <>
      {error !== null && <Trouble error={error} again={more} />}
      {busy && state.works.length === 0 && <Loading rows={8} />}
      {state.ended && (
        <Nothing title={t.all_seen} action={<Button onClick={restart}>{t.fresh_feed}</Button>}>
          {t.all_seen_why}
        </Nothing>
      )}
    </>
  );
}

function Feed({ viewer }: { viewer: string }) {
  const words = useWords();
  const t = words.feed;
  const [personalised, setPersonalised] = useState(true);
  const { state, change, model, busy, error, restart, more } = useFeed(viewer, personalised);
  const deeds = useDeeds(viewer, change);
  const [explaining, setExplaining] = useState(false);
  const [proof, setProof] = useState<string | null>(null);
  const { box, go } = useInSight(state.works.length, (to) => change({ kind: "moved", to }));
  const current = state.works[state.current];
  const keys = (event: KeyboardEvent) => {
    if ((event.target as HTMLElement).tagName === "INPUT" || !current) return;
    if (["j", "J", "ArrowDown"].includes(event.key)) go(state.current + 1);
    else if (["k", "K", "ArrowUp"].includes(event.key)) go(state.current - 1);
    else if (["l", "L"].includes(event.key)) void deeds.react(current, "liked");
    else return;
    event.preventDefault();
  };
  return (
    <Page
      title={words.place.feed}
      lead={t.lead}
      kind="feed"
      actions={<FeedSwitches personalised={personalised} change={setPersonalised} restart={restart} />}
    >
      <div className="feed">
        <div className="phone">
          <div
            className="phone-screen"
            ref={box}
            tabIndex={0}
            role="feed"
            aria-busy={busy}
            aria-label={words.place.feed}
            onKeyDown={keys}
          >
            {state.works.map((work, place) => (
              <div className="phone-place" key={work.item.subject} data-place={place}>
                <Card
                  work={work}
                  inSight={place === state.current}
                  acts={{
                    like: () => void deeds.react(work, "liked"),
                    dislike: () => void deeds.react(work, "disliked"),
                    comment: (text) => deeds.comment(work, text),
                    watched: (milliseconds) => void deeds.watched(work, milliseconds),
                    why: () => (wide() ? document.getElementById("why")?.focus() : setExplaining(true)),
                    proof: () => setProof(work.receipt),
                  }}
                />
              </div>
            ))}
            <FeedEnd state={state} busy={busy} error={error} restart={restart} more={more} />
          </div>
          <PhoneKeys go={(by) => go(state.current + by)} />
        </div>
        <div className="feed-side" id="why" tabIndex={-1}>
          <Panel title={t.why}>{current ? <Why work={current} model={model} /> : <Loading />}</Panel>
          <p className="soft small">
            {t.keys} <Link to="/me">{words.place.me}</Link>
          </p>
        </div>
      </div>
      <Drawer open={explaining} onClose={() => setExplaining(false)} placement="bottom" title={t.why}>
        {current && <Why work={current} model={model} />}
      </Drawer>
      <ReceiptDrawer id={proof} user={viewer} onClose={() => setProof(null)} />
    </Page>
  );
}

export default function FeedPage() {
  const who = useWho();
  const words = useWords();
  if (!who.user)
    return (
      <Page title={words.place.feed}>
        <Nothing title={words.feed.nobody}>{words.feed.nobody_why}</Nothing>
      </Page>
    );
  return <Feed key={who.user} viewer={who.user} />;
}
