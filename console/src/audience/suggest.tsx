// Whom a new work is for: a segment made from its title and tags, with what speaks for each of its terms.

import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api, asProblem, ask, type Schemas } from "../api/client";
import { Button, Input } from "../controls/controls";
import { Count, Share } from "../parts/figures";
import { Panel } from "../parts/page";
import { useWords } from "../theme/settings";

function Suggested({ of, take }: { of: Schemas["Suggestion"]; take: (expression: string) => void }) {
  const words = useWords();
  const t = words.suggest;
  return (
    <>
      <p className="mono suggestion">{of.expression}</p>
      <p className="soft small">
        {t.from(of.videos)}
        {of.size && (
          <>
            {" "}
            · <Count value={of.size.count} /> {words.segments.people}
          </>
        )}
      </p>
      <ul>
        {of.evidence.map((each) => (
          <li key={each.term}>
            <span className="mono">{each.term}</span>:{" "}
            {each.of_catalogue ? (
              t.by_words(each.words.join(", "))
            ) : (
              <>
                <Share value={each.share} /> {t.against} <Share value={each.base_share} />
              </>
            )}
          </li>
        ))}
      </ul>
      {of.missing.length > 0 && <p className="soft small">{t.missing(of.missing.join(", "))}</p>}
      <Button size="small" onClick={() => take(of.expression)}>
        {t.take}
      </Button>
    </>
  );
}

export function SuggestPanel({ take }: { take: (expression: string) => void }) {
  const words = useWords();
  const t = words.suggest;
  const [title, setTitle] = useState("");
  const [tags, setTags] = useState("");
  const asked = useMutation({
    mutationFn: () =>
      ask(
        api.POST("/v1/segments/suggest", {
          body: {
            purpose: "reports",
            ...(title.trim() ? { title: title.trim() } : {}),
            tags: tags.split(/[\s,，、#]+/).filter((tag) => tag !== ""),
          },
        }),
      ),
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    asked.mutate();
  };
  return (
    <Panel title={t.title} note={t.why}>
      <form onSubmit={send}>
        <label className="field">
          {t.work_title}
          <Input value={title} onChange={(event) => setTitle(event.target.value)} />
        </label>
        <label className="field">
          {t.tags}
          <Input value={tags} onChange={(event) => setTags(event.target.value)} />
        </label>
        <Button htmlType="submit" loading={asked.isPending} disabled={!title.trim() && !tags.trim()}>
          {t.ask}
        </Button>
      </form>
      <div aria-live="polite">
        {asked.error && <p className="problem">{asProblem(asked.error).detail || words.state.problem.other.title}</p>}
        {asked.data && <Suggested of={asked.data} take={take} />}
      </div>
    </Panel>
  );
}
