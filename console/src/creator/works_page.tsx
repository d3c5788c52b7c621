import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { Link, useNavigate } from "react-router-dom";
import { api, asProblem, ask, type Schemas } from "../api/client";
import { Input, Segmented } from "../controls/controls";
import { Count, Figure, Moment, Name, plain } from "../parts/figures";
import { Page, Panel } from "../parts/page";
import { Answer, Nothing } from "../parts/states";
import { Rows } from "../parts/rows";
import { useWho } from "../session/session";
import { useWords } from "../theme/settings";
import { Poster } from "../viewer/poster";
import { BestTimesPanel } from "./best_times";
import "./creator.css";
import { LikesByDay } from "./likes_by_day";

type Work = Schemas["CreatorWork"];
type Order = "newest" | "likes";

function WorkRow({ work }: { work: Work }) {
  const t = useWords().works;
  const { counts, last_week: week, subject, about } = work;
  const to = `/works/${encodeURIComponent(subject)}`;
  return (
    <div className="line work-row">
      <Poster id={subject} tag={about?.tags?.[0]} className="work-picture" />
      <span className="grow">
        <Link to={to}>{about?.title ? <bdi className="name">{plain(about.title)}</bdi> : <Name of={subject} />}</Link>
        <small className="soft work-when">
          {work.published ? <Moment at={work.published} form="day" /> : t.no_publication}
        </small>
      </span>
      <span className="work-number">
        <Count value={counts.likes} />
        <small>{t.genuine}</small>
      </span>
      <span className="work-number">
        <Count value={counts.views} />
        <small>{t.views}</small>
      </span>
      <span className="work-number">
        <Count value={week.likes} />
        <small>{t.this_week}</small>
      </span>
      <span className="work-out">
        {counts.rejected > 0 && (
          <Link to={`${to}#why`} className="verdict verdict-rejected">
            {t.taken_out(counts.rejected)}
          </Link>
        )}
        {counts.held > 0 && (
          <Link to={`${to}#why`} className="verdict verdict-held">
            {t.held(counts.held)}
          </Link>
        )}
        {counts.rejected + counts.held === 0 && <span className="soft">{t.all_count}</span>}
      </span>
    </div>
  );
}

// Of a creator whom nobody has heard of there are no works.
function noneYet(error: unknown): { items: Work[]; next: null } {
  if (asProblem(error).status === 404) return { items: [], next: null };
  throw error;
}

function AllWorks({ creator }: { creator: string }) {
  const words = useWords();
  const t = words.works;
  const [order, setOrder] = useState<Order>("newest");
  return (
    <Panel
      title={t.all_works}
      actions={
        <Segmented<Order>
          value={order}
          onChange={setOrder}
          options={[
            { value: "newest", label: t.newest },
            { value: "likes", label: t.most_liked },
          ]}
        />
      }
    >
      <Rows
        key={order}
        label={words.place.works}
        what={["my-works", creator, order]}
        height={74}
        page={(cursor) =>
          ask(
            api.GET("/v1/creators/{id}/works", {
              params: { path: { id: creator }, query: { limit: 50, order, cursor } },
            }),
          ).catch(noneYet)
        }
        keyOf={(work) => work.subject}
        empty={<Nothing title={t.none}>{t.none_why}</Nothing>}
        row={(work) => <WorkRow work={work} />}
      />
    </Panel>
  );
}

function GoToWork() {
  const t = useWords().works;
  const go = useNavigate();
  const [id, setId] = useState("");
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (id.trim()) go(`/works/${encodeURIComponent(id.trim())}`);
  };
  return (
    <form onSubmit={send}>
      <Input value={id} placeholder={t.find} aria-label={t.find} onChange={(event) => setId(event.target.value)} />
    </form>
  );
}

function Works({ creator }: { creator: string }) {
  const words = useWords();
  const t = words.works;
  const counts = useQuery({
    queryKey: ["creator-counts", creator],
    queryFn: () => ask(api.GET("/v1/creators/{id}/counts", { params: { path: { id: creator } } })),
  });
  return (
    <Page title={words.place.works} lead={t.lead} actions={<GoToWork />}>
      <Answer of={counts} rows={2}>
        {(all) => (
          <div className="figures">
            <Figure name={t.genuine_likes} kind="genuine">
              <Count value={all.likes} />
            </Figure>
            <Figure name={t.held_likes} kind="held" note={t.held_why}>
              <Count value={all.held} />
            </Figure>
            <Figure name={t.rejected_likes} kind="rejected" note={t.rejected_why}>
              <Count value={all.rejected} />
            </Figure>
            <Figure name={t.followers}>
              <Count value={all.follows} />
            </Figure>
            <Figure name={t.views}>
              <Count value={all.views} />
            </Figure>
          </div>
        )}
      </Answer>
      <LikesByDay kind="creator" id={creator} />
      <BestTimesPanel kind="creator" id={creator} />
      <AllWorks creator={creator} />
    </Page>
  );
}

export default function WorksPage() {
  const who = useWho();
  const words = useWords();
  if (!who.creator)
    return (
      <Page title={words.place.works}>
        <Nothing title={words.works.nobody}>{words.works.nobody_why}</Nothing>
      </Page>
    );
  return <Works key={who.creator} creator={who.creator} />;
}
