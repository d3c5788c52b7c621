// Why one person is in a segment, or is not: the segment as a tree, with what holds of that person.

import { useMutation } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent } from "react";
import { api, ask, type Schemas } from "../api/client";
import { Button, Input } from "../controls/controls";
import { CheckOutlined, CloseOutlined } from "../controls/signs";
import { Moment, Name } from "../parts/figures";
import { Panel } from "../parts/page";
import { Loading, Trouble } from "../parts/states";
import { useWords } from "../theme/settings";

function Term({ of }: { of: Schemas["WhyTerm"] }) {
  const t = useWords().why;
  return (
    <li>
      <span className={`why-term step-${of.holds ? "done" : "failed"}`}>
        <span>
          {of.holds ? <CheckOutlined /> : <CloseOutlined />}
          <span className="unseen">{of.holds ? t.holds : t.holds_not}</span>
        </span>
        <span className="mono why-text">{of.term}</span>
      </span>
      {of.parts && of.parts.length > 0 && (
        <ul className="plain why-parts">
          {of.parts.map((part, i) => (
            <Term key={i} of={part} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Told({ of }: { of: Schemas["SegmentWhy"] }) {
  const words = useWords();
  const t = words.why;
  return (
    <div aria-live="polite">
      <p className={`why-sum ${of.in ? "receipt-proven" : "receipt-refused"}`}>
        {of.in ? <CheckOutlined /> : <CloseOutlined />}{" "}
        <strong>
          <Name of={of.user} />
        </strong>{" "}
        {of.in ? t.is_in : t.is_out}
        <span className="soft small">
          {" "}
          · {words.segments.as_of} <Moment at={of.as_of} />
        </span>
      </p>
      <ul className="plain why-tree">
        {(of.why.parts ?? [of.why]).map((part, i) => (
          <Term key={i} of={part} />
        ))}
      </ul>
    </div>
  );
}

// `user` is who was picked elsewhere, asked about at once.
export function WhyPanel({ expression, purpose, user = "" }: { expression: string; purpose: string; user?: string }) {
  const t = useWords().why;
  const [name, setName] = useState(user);
  const { mutate, reset, ...asked } = useMutation({
    mutationFn: (of: string) => ask(api.POST("/v1/segments/why", { body: { expression, purpose, user: of } })),
  });
  useEffect(() => {
    setName(user);
    if (user) mutate(user);
  }, [user, mutate]);
  // What was said of another text is not true of this one.
  useEffect(() => reset(), [expression, purpose, reset]);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) mutate(name.trim());
  };
  return (
    <Panel title={t.title} note={t.note} id="why">
      <form className="line why-form" onSubmit={send}>
        <Input
          className="grow"
          value={name}
          maxLength={256}
          placeholder={t.user}
          aria-label={t.user}
          onChange={(event) => setName(event.target.value)}
        />
        <Button htmlType="submit" disabled={!name.trim() || !expression.trim()} loading={asked.isPending}>
          {t.ask}
        </Button>
      </form>
      {asked.isPending && <Loading rows={2} />}
      {asked.error && <Trouble error={asked.error} />}
      {asked.data && <Told of={asked.data} />}
    </Panel>
  );
}
