// The portrait of those who liked, watched through, followed, commented on or shared a work, or a creator's works.

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, asProblem, ask } from "../api/client";
import { Segmented, Select } from "../controls/controls";
import { Panel } from "../parts/page";
import { Answer, Nothing } from "../parts/states";
import { useWords } from "../theme/settings";
import "./audience.css";
import { Portrait } from "./portrait";

const signals = ["liker", "watcher", "follower", "commenter", "sharer"] as const;
type Signal = (typeof signals)[number];

export function AudiencePanel({ kind, id }: { kind: "subject" | "creator"; id: string }) {
  const words = useWords();
  const t = words.portrait;
  const [of, setOf] = useState<Signal>("liker");
  const [days, setDays] = useState<number | undefined>(undefined);
  const params = { path: { id }, query: { of, days, limit: 200 } };
  const asked = useQuery({
    queryKey: ["audience", kind, id, of, days],
    queryFn: () =>
      kind === "subject"
        ? ask(api.GET("/v1/subjects/{id}/audience", { params }))
        : ask(api.GET("/v1/creators/{id}/audience", { params })),
  });
  return (
    <Panel
      title={t.title}
      note={t.why}
      actions={
        <>
          <Segmented<Signal>
            size="small"
            value={of}
            onChange={setOf}
            aria-label={t.of}
            options={signals.map((value) => ({ value, label: t.signal[value] }))}
          />
          <Select
            size="small"
            value={days ?? 0}
            aria-label={t.days}
            onChange={(value) => setDays(value || undefined)}
            options={[0, 7, 30, 90].map((value) => ({ value, label: value === 0 ? t.any_day : t.last_days(value) }))}
          />
        </>
      }
    >
      {asked.error && asProblem(asked.error).code === "refused" ? (
        <Nothing title={t.too_few}>{t.too_few_why}</Nothing>
      ) : (
        <Answer of={asked}>{(data) => <Portrait of={data} name={`${kind}-${id}-${of}`} />}</Answer>
      )}
    </Panel>
  );
}
