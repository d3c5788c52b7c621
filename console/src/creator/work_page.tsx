import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useLocation, useParams } from "react-router-dom";
import { api, ask } from "../api/client";
import { AudiencePanel } from "../audience/audience_panel";
import { Count, Figure, Moment, Name, plain } from "../parts/figures";
import { Page } from "../parts/page";
import { Answer } from "../parts/states";
import { useWho } from "../session/session";
import { duration } from "../show/numbers";
import { useSettings } from "../theme/settings";
import { Poster } from "../viewer/poster";
import { BestTimesPanel } from "./best_times";
import "./creator.css";
import { EvidencePanel } from "./evidence_panel";
import { LikesByDay } from "./likes_by_day";
import { LikesOverTime } from "./likes_over_time";
import { VerdictsPanel } from "./verdicts_panel";
import { SimilarWorks, WhoWouldCare } from "./who_would_care";

function About({ id }: { id: string }) {
  const { words, language } = useSettings();
  const t = words.work;
  const params = { path: { id } };
  const counts = useQuery({
    queryKey: ["counts", id],
    queryFn: () => ask(api.GET("/v1/subjects/{id}/counts", { params })),
    refetchInterval: 5000,
  });
  const about = useQuery({
    queryKey: ["subject", id],
    queryFn: () => ask(api.GET("/v1/subjects/{id}", { params })),
    retry: false,
  });
  return (
    <div className="work-about">
      <Poster id={id} tag={about.data?.tags?.[0]} className="work-poster" />
      <div>
        <p className="soft">
          {about.data?.creator && (
            <>
              @<Name of={String(about.data.creator)} /> ·{" "}
            </>
          )}
          {about.data?.duration_ms ? <>{duration(about.data.duration_ms, language)} · </> : null}
          {about.data?.published_at && (
            <>
              {t.published} <Moment at={String(about.data.published_at)} form="day" /> ·{" "}
            </>
          )}
          {(about.data?.tags ?? []).map((tag) => (
            <span key={tag}>#{plain(String(tag))} </span>
          ))}
        </p>
        <Answer of={counts} rows={3}>
          {(all) => (
            <div className="figures">
              <Figure name={words.works.genuine_likes} kind="genuine">
                <Count value={all.likes} />
              </Figure>
              <Figure name={words.works.held_likes} kind="held">
                <Count value={all.held} />
              </Figure>
              <Figure name={words.works.rejected_likes} kind="rejected">
                <Count value={all.rejected} />
              </Figure>
              <Figure name={words.works.views}>
                <Count value={all.views} />
              </Figure>
              <Figure name={t.completes}>
                <Count value={all.completes} />
              </Figure>
              <Figure name={t.comments}>
                <Count value={all.comments} />
              </Figure>
              <Figure name={t.shares}>
                <Count value={all.shares} />
              </Figure>
              {all.incentivised.likes > 0 && (
                <Figure name={t.incentivised} note={t.incentivised_why}>
                  <Count value={all.incentivised.likes} />
                </Figure>
              )}
            </div>
          )}
        </Answer>
      </div>
    </div>
  );
}

export default function WorkPage() {
  const { words } = useSettings();
  const { id = "" } = useParams();
  const { hash } = useLocation();
  const who = useWho();
  useEffect(() => {
    if (hash) document.getElementById(hash.slice(1))?.scrollIntoView();
  }, [hash, id]);
  return (
    <Page title={words.feed.work(plain(id))}>
      <About id={id} />
      {who.role !== "brand" && <VerdictsPanel subject={id} />}
      {who.role === "brand" ? <LikesOverTime id={id} /> : <LikesByDay key={id} kind="subject" id={id} />}
      <AudiencePanel kind="subject" id={id} />
      <BestTimesPanel key={`times ${id}`} kind="subject" id={id} />
      <div className="columns">
        <WhoWouldCare id={id} />
        <SimilarWorks id={id} />
      </div>
      <EvidencePanel subject={id} />
    </Page>
  );
}
