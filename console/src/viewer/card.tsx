// One work of a feed: its picture, and what can be done with it.

import { useEffect, useRef, useState, type ReactNode } from "react";
import { Button, Input } from "../controls/controls";
import {
  CaretRightOutlined,
  CommentOutlined,
  DislikeFilled,
  DislikeOutlined,
  HeartFilled,
  HeartOutlined,
  InfoCircleOutlined,
  PauseOutlined,
  SafetyCertificateOutlined,
  SendOutlined,
} from "../controls/signs";
import { Count, Name, plain } from "../parts/figures";
import { duration } from "../show/numbers";
import { useSettings } from "../theme/settings";
import type { Work } from "./feed_state";
import { Poster } from "./poster";
import { reasonTexts } from "./reasons";

export interface CardActs {
  like: () => void;
  dislike: () => void;
  comment: (text: string) => Promise<boolean>;
  watched: (milliseconds: number) => void;
  why: () => void;
  proof: () => void;
}

function Deed({
  name,
  on,
  count,
  icon,
  press,
}: {
  name: string;
  on?: boolean;
  count?: number;
  icon: ReactNode;
  press: () => void;
}) {
  return (
    <div className="deed">
      <button
        type="button"
        className={on ? "deed-button deed-on" : "deed-button"}
        aria-pressed={on}
        aria-label={name}
        title={name}
        onClick={press}
      >
        {icon}
      </button>
      <span className="deed-count">{count === undefined ? "" : <Count value={count} />}</span>
    </div>
  );
}

// Time runs while the work is being watched, at the pace of the world: what is told the server was really spent.
function useWatching(durationMs: number, inSight: boolean, watched: (milliseconds: number) => void) {
  const [since, setSince] = useState<number | null>(null);
  const [spent, setSpent] = useState(0);
  const tell = useRef(watched);
  tell.current = watched;
  useEffect(() => {
    if (since === null) return;
    const tick = () => setSpent(Math.min(performance.now() - since, durationMs || Infinity));
    const timer = setInterval(tick, 200);
    return () => {
      clearInterval(timer);
      const lasted = Math.round(Math.min(performance.now() - since, durationMs || Infinity));
      if (lasted > 0) tell.current(lasted);
    };
  }, [since, durationMs]);
  const over = durationMs > 0 && spent >= durationMs;
  useEffect(() => {
    if (!inSight || over) setSince(null);
  }, [inSight, over]);
  const toggle = () => {
    setSpent(0);
    setSince(since === null ? performance.now() : null);
  };
  return { playing: since !== null, spent, toggle };
}

function CommentLine({ send, close }: { send: (text: string) => Promise<boolean>; close: () => void }) {
  const { words } = useSettings();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const go = async () => {
    if (text.trim() === "") return;
    setBusy(true);
    const sent = await send(text.trim());
    setBusy(false);
    if (sent) close();
  };
  return (
    <div className="card-comment">
      <Input
        autoFocus
        value={text}
        maxLength={10000}
        placeholder={words.feed.comment_here}
        aria-label={words.feed.comment_here}
        onChange={(event) => setText(event.target.value)}
        onPressEnter={() => void go()}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === "Escape") close();
        }}
      />
      <Button
        type="primary"
        loading={busy}
        icon={<SendOutlined />}
        aria-label={words.feed.send}
        onClick={() => void go()}
      />
    </div>
  );
}

function Deeds({ work, acts, write }: { work: Work; acts: CardActs; write: () => void }) {
  const t = useSettings().words.feed;
  const { mine, counts } = work;
  return (
    <div className="deeds">
      <Deed
        name={mine.liked ? t.unlike : t.like}
        on={mine.liked}
        count={counts?.likes}
        press={acts.like}
        icon={mine.liked ? <HeartFilled /> : <HeartOutlined />}
      />
      <Deed
        name={mine.disliked ? t.undislike : t.dislike}
        on={mine.disliked}
        press={acts.dislike}
        icon={mine.disliked ? <DislikeFilled /> : <DislikeOutlined />}
      />
      <Deed name={t.comment} count={counts?.comments} press={write} icon={<CommentOutlined />} />
      <Deed name={t.why} press={acts.why} icon={<InfoCircleOutlined />} />
    </div>
  );
}

export function Card({ work, inSight, acts }: { work: Work; inSight: boolean; acts: CardActs }) {
  const { words, language } = useSettings();
  const t = words.feed;
  const { item, mine } = work;
  const [writing, setWriting] = useState(false);
  const { playing, spent, toggle } = useWatching(work.durationMs, inSight, acts.watched);
  const first = reasonTexts(item.reasons, words)[0] ?? t.reason.unknown;
  return (
    <article
      className={playing ? "card card-playing" : "card"}
      aria-label={t.work_by(plain(item.subject), plain(item.creator ?? ""))}
    >
      <Poster id={item.subject} tag={work.tags[0]} className="card-picture" />
      <div className="card-top">
        {item.label === "operator" && <span className="card-label">{t.placed}</span>}
        {item.label === "campaign" && <span className="card-label">{t.paid}</span>}
        {item.explored && <span className="card-label">{t.explored}</span>}
      </div>
      <button type="button" className="card-play" onClick={toggle} aria-label={playing ? t.stop : t.watch}>
        {playing ? <PauseOutlined /> : <CaretRightOutlined />}
        <span>
          {playing
            ? `${duration(spent, language)} / ${duration(work.durationMs, language)}`
            : mine.viewed
              ? t.watch_again
              : t.watch}
        </span>
      </button>
      <Deeds work={work} acts={acts} write={() => setWriting(!writing)} />
      <div className="card-foot">
        <p className="card-title">{work.title ? plain(work.title) : t.work(plain(item.subject))}</p>
        <p className="card-by">
          {item.creator && (
            <>
              @<Name of={item.creator} />
            </>
          )}
          {work.durationMs > 0 && `${item.creator ? " · " : ""}${duration(work.durationMs, language)}`}
          {work.tags.map((tag) => (
            <span key={tag} className="card-tag">
              #{plain(tag)}
            </span>
          ))}
        </p>
        <button type="button" className="card-why" onClick={acts.why}>
          {first}
        </button>
        {work.receipt && (
          <button type="button" className="card-why card-proof" onClick={acts.proof}>
            <SafetyCertificateOutlined /> {t.in_log}
          </button>
        )}
        {writing && <CommentLine send={acts.comment} close={() => setWriting(false)} />}
      </div>
      {playing && work.durationMs > 0 && (
        <div className="card-progress">
          <i style={{ width: `${(spent / work.durationMs) * 100}%` }} />
        </div>
      )}
    </article>
  );
}
