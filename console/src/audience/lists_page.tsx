// Lists of people, and tags that came from files: where each came from, who brought it, and bringing another.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Link } from "react-router-dom";
import { api, ask, type Schemas } from "../api/client";
import { Input } from "../controls/controls";
import { Moment, Name } from "../parts/figures";
import { Page, Panel } from "../parts/page";
import { Answer, Nothing } from "../parts/states";
import { WithReason } from "../parts/with_reason";
import { useWho } from "../session/session";
import { useWords } from "../theme/settings";
import "./audience.css";
import { ImportsPanel } from "./imports";
import { uploadNumber } from "./names";
import { UploadForm } from "./upload";

function NewList({ onDone }: { onDone: () => void }) {
  const t = useWords().lists;
  const [name, setName] = useState("");
  const [source, setSource] = useState("");
  const upload = useRef(0);
  return (
    <Panel title={t.bring} note={t.bring_why}>
      <UploadForm
        ready={name.trim() !== "" && source.trim() !== ""}
        label={t.bring}
        begin={() => (upload.current = uploadNumber())}
        send={(part) =>
          ask(
            api.POST("/v1/lists", {
              body: { name: name.trim(), source: source.trim(), upload: upload.current, ...part },
            }),
          )
        }
        onDone={onDone}
      >
        <label className="field">
          {t.name}
          <Input value={name} maxLength={128} onChange={(event) => setName(event.target.value)} />
        </label>
        <label className="field">
          {t.source}
          <Input value={source} maxLength={200} onChange={(event) => setSource(event.target.value)} />
        </label>
      </UploadForm>
    </Panel>
  );
}

function ListLine({ of, onDone }: { of: Schemas["Lists"]["lists"][number]; onDone: () => void }) {
  const t = useWords().lists;
  const who = useWho();
  return (
    <li className="row">
      <div className="line">
        <strong>
          <Name of={of.name} />
        </strong>
        <span>
          <data value={of.users}>{t.people(of.users)}</data>
        </span>
        <span className="grow soft small">
          {t.from} <Name of={of.source} /> · <Name of={of.by} /> · <Moment at={of.at} />
        </span>
        <Link to={`/segments?text=${encodeURIComponent(`list(${JSON.stringify(of.name)})`)}`}>{t.look}</Link>
        {who.role === "operator" && (
          <WithReason
            label={t.remove}
            note={t.remove_why(of.name)}
            button={{ size: "small", danger: true, "aria-label": t.remove_this(of.name) }}
            send={(why) => ask(api.DELETE("/v1/lists/{id}", { params: { path: { id: of.name }, query: { why } } }))}
            onDone={onDone}
          />
        )}
      </div>
    </li>
  );
}

function Lists({ refresh }: { refresh: () => void }) {
  const t = useWords().lists;
  const asked = useQuery({ queryKey: ["lists"], queryFn: () => ask(api.GET("/v1/lists")), refetchInterval: 4000 });
  return (
    <Panel title={t.title} note={t.note}>
      <Answer of={asked}>
        {({ lists }) =>
          lists.length === 0 ? (
            <Nothing title={t.none}>{t.none_why}</Nothing>
          ) : (
            <ul className="plain">
              {lists.map((list) => (
                <ListLine key={list.name} of={list} onDone={refresh} />
              ))}
            </ul>
          )
        }
      </Answer>
    </Panel>
  );
}

export default function ListsPage() {
  const words = useWords();
  const who = useWho();
  const client = useQueryClient();
  const refresh = () => void client.invalidateQueries({ queryKey: ["lists"] });
  return (
    <Page title={words.place.lists} lead={words.lists.lead}>
      <Lists refresh={refresh} />
      {who.role === "operator" && <NewList onDone={refresh} />}
      <ImportsPanel />
    </Page>
  );
}
