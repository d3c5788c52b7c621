import { useQuery } from "@tanstack/react-query";
import { Input } from "antd";
import { useState, type FormEvent } from "react";
import { Link, useNavigate } from "react-router-dom";
import { api, ask } from "../api/client";
import { Count, Figure, Name } from "../parts/figures";
import { Page, Panel } from "../parts/page";
import { Answer, Nothing } from "../parts/states";
import { Rows } from "../parts/rows";
import { useWho } from "../session/session";
import { useWords } from "../theme/settings";
import { Poster } from "../viewer/poster";
import "./creator.css";
import { myWorks, type MyWorks } from "./my_works";

function WorkRow({ work }: { work: MyWorks["works"][number] }) {
  const t = useWords().works;
  const { counts, id } = work;
  const to = `/works/${encodeURIComponent(id)}`;
  return (
    <div className="line work-row">
      <Poster id={id} className="work-picture" />
      <span className="grow">
        <Link to={to}>
          <Name of={id} />
        </Link>
      </span>
      <span className="work-number">
        <Count value={counts.likes} />
        <small>{t.genuine}</small>
      </span>
      <span className="work-number">
        <Count value={counts.views} />
        <small>{t.views}</small>
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
  const asked = useQuery({ queryKey: ["my-works", creator], queryFn: () => myWorks(creator) });
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
      <Answer of={asked} rows={8}>
        {(mine) => (
          <Panel note={t.from_log(mine.entries, mine.cut)}>
            <Rows
              label={words.place.works}
              what={["my-works", creator, mine.works.length, mine.entries]}
              height={74}
              page={() => Promise.resolve({ items: mine.works, next: null })}
              keyOf={(work) => work.id}
              empty={<Nothing title={t.none}>{t.none_why}</Nothing>}
              row={(work) => <WorkRow work={work} />}
            />
          </Panel>
        )}
      </Answer>
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
