// Where a segment and others overlap: how many are in both of each pair.

import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api, ask, type Schemas } from "../api/client";
import { Button, Input } from "../controls/controls";
import { Count } from "../parts/figures";
import { Panel } from "../parts/page";
import { Answer } from "../parts/states";
import { useWords } from "../theme/settings";

const segmentsMax = 10;

const Size = ({ of, none }: { of: Schemas["MaybeSize"]; none: string }) =>
  of ? <Count value={of.count} /> : <span className="soft">{none}</span>;

function OverlapTable({ of: data, remove }: { of: Schemas["Overlap"]; remove: (other: number) => void }) {
  const t = useWords().segments;
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label={t.overlap}>
      <table className="plain-table">
        <thead>
          <tr>
            <th>{t.term}</th>
            <th className="number">{t.people}</th>
            {data.segments.map((_, i) => (
              <th key={i} className="number">
                {t.and_number(i + 1)}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {data.segments.map((name, i) => (
            <tr key={i}>
              <td className="mono">
                {i + 1} · {name}
              </td>
              <td className="number">
                <Size of={data.sizes[i] ?? null} none={t.too_few} />
              </td>
              {data.segments.map((_, j) => (
                <td key={j} className="number">
                  {i === j ? "" : <Size of={data.shared[i]?.[j] ?? null} none={t.too_few} />}
                </td>
              ))}
              <td>
                {i > 0 && (
                  <Button size="small" type="text" onClick={() => remove(i - 1)}>
                    {t.remove}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function OverlapPanel({ expression, purpose }: { expression: string; purpose: string }) {
  const t = useWords().segments;
  const [others, setOthers] = useState<string[]>([]);
  const [text, setText] = useState("");
  const segments = [expression, ...others];
  const asked = useQuery({
    queryKey: ["overlap", segments, purpose],
    enabled: others.length > 0,
    retry: false,
    queryFn: () => ask(api.POST("/v1/segments/overlap", { body: { segments: segments as never, purpose } })),
  });
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() && segments.length < segmentsMax) setOthers([...others, text.trim()]);
    setText("");
  };
  return (
    <Panel title={t.overlap} note={t.overlap_why}>
      <form className="line" onSubmit={add}>
        <Input
          className="grow mono"
          value={text}
          placeholder={'segment("name")'}
          aria-label={t.other}
          onChange={(event) => setText(event.target.value)}
        />
        <Button htmlType="submit">{t.add_other}</Button>
      </form>
      {others.length > 0 && (
        <Answer of={asked}>
          {(data) => <OverlapTable of={data} remove={(gone) => setOthers(others.filter((_, at) => at !== gone))} />}
        </Answer>
      )}
    </Panel>
  );
}
