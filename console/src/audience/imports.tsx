// Tags that came from files: which value, for how many, from where, by whom; and putting one to people, or taking it away.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { api, ask, type Schemas } from "../api/client";
import { Input, InputNumber, Pick, Segmented, Select } from "../controls/controls";
import { Count, Moment, Name } from "../parts/figures";
import { Panel } from "../parts/page";
import { Answer, Nothing } from "../parts/states";
import { useWho } from "../session/session";
import { exact } from "../show/numbers";
import { useSettings, useWords } from "../theme/settings";
import { useCatalogue } from "./catalogue";
import { uploadNumber } from "./names";
import { UploadForm } from "./upload";

type Tag = Schemas["Tag"];
type Import = Schemas["TagImports"]["imports"][number];

interface Said {
  value: string;
  number: number | null;
  day: string;
}

// What a tag of this type says, in the fields of the call; nothing while it is not complete.
function saidOf(tag: Tag, said: Said): { value?: string; number?: number; day?: string } | null {
  if (tag.type === "flag") return {};
  if (tag.type === "number") return said.number === null ? null : { number: said.number };
  if (tag.type === "time") return said.day ? { day: said.day } : null;
  return said.value ? { value: said.value } : null;
}

function Value({ tag, said, change }: { tag: Tag; said: Said; change: (said: Said) => void }) {
  const { words, language } = useSettings();
  const t = words.lists;
  if (tag.type === "flag") return null;
  return (
    <label className="field">
      {t.value}
      {tag.type === "number" ? (
        <InputNumber
          value={said.number}
          whole
          aria-label={t.value}
          onChange={(number) => change({ ...said, number })}
        />
      ) : tag.type === "time" ? (
        <Input type="date" value={said.day} onChange={(event) => change({ ...said, day: event.target.value })} />
      ) : (
        <Pick
          value={said.value || undefined}
          aria-label={t.value}
          onChange={(value) => change({ ...said, value })}
          choices={(tag.values ?? []).map((each) => ({ value: each.value, label: each[language] }))}
        />
      )}
    </label>
  );
}

function NewImport({ tags, onDone }: { tags: Tag[]; onDone: () => void }) {
  const { words, language } = useSettings();
  const t = words.lists;
  const [name, setName] = useState(tags[0]!.tag);
  const [on, setOn] = useState<"on" | "off">("on");
  const [source, setSource] = useState("");
  const [said, setSaid] = useState<Said>({ value: "", number: null, day: "" });
  const number = useRef(0);
  const tag = tags.find((each) => each.tag === name)!;
  const value = saidOf(tag, said);
  return (
    <UploadForm
      ready={value !== null && source.trim() !== ""}
      label={t.bring_tag}
      begin={() => (number.current = uploadNumber())}
      send={({ users }) =>
        ask(
          api.POST("/v1/tags/imports", {
            body: {
              tag: name,
              ...value!,
              on: on === "on",
              import: number.current,
              source: source.trim(),
              users,
            },
          }),
        )
      }
      onDone={onDone}
    >
      <label className="field">
        {t.tag}
        <Select
          value={name}
          aria-label={t.tag}
          onChange={setName}
          options={tags.map((each) => ({ value: each.tag, label: each[language] }))}
        />
      </label>
      <Value tag={tag} said={said} change={setSaid} />
      <label className="field">
        {t.source}
        <Input value={source} maxLength={200} onChange={(event) => setSource(event.target.value)} />
      </label>
      <div className="field">
        <span id="import-does">{t.does}</span>
        <Segmented<"on" | "off">
          value={on}
          aria-labelledby="import-does"
          onChange={setOn}
          options={(["on", "off"] as const).map((each) => ({ value: each, label: t.put[each] }))}
        />
      </div>
    </UploadForm>
  );
}

function ImportRow({ of, tag }: { of: Import; tag: Tag | undefined }) {
  const { words, language } = useSettings();
  const t = words.lists;
  const value = tag?.values?.find((each) => each.value === of.value)?.[language] ?? of.value;
  const says = of.value !== undefined ? value : tag?.type === "number" ? exact(of.number ?? 0, language) : "";
  return (
    <tr>
      <td>
        {tag?.[language] ?? <span className="mono">{of.tag}</span>}
        {says && (
          <>
            {" "}
            = <strong>{says}</strong>
          </>
        )}
      </td>
      <td>{t.put[of.on ? "on" : "off"]}</td>
      <td className="number">
        <Count value={of.users} full />
      </td>
      <td>
        <Name of={of.source} />
      </td>
      <td>
        <Name of={of.by} />
      </td>
      <td>
        <Moment at={of.at} />
      </td>
    </tr>
  );
}

function Table({ of, tags }: { of: Import[]; tags: Tag[] }) {
  const words = useWords();
  const t = words.lists;
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label={t.imports}>
      <table className="plain-table">
        <thead>
          <tr>
            <th>{t.tag}</th>
            <th>{t.does}</th>
            <th className="number">{words.segments.people}</th>
            <th>{t.source}</th>
            <th>{t.by}</th>
            <th>{t.at}</th>
          </tr>
        </thead>
        <tbody>
          {of.map((each, i) => (
            <ImportRow
              key={`${each.import} ${each.at} ${i}`}
              of={each}
              tag={tags.find((tag) => tag.tag === each.tag)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function ImportsPanel() {
  const t = useWords().lists;
  const who = useWho();
  const client = useQueryClient();
  const catalogue = useCatalogue();
  const asked = useQuery({
    queryKey: ["tag-imports"],
    queryFn: () => ask(api.GET("/v1/tags/imports")),
    refetchInterval: 4000,
  });
  const tags = catalogue.data?.tags ?? [];
  const imported = tags.filter((tag) => tag.source === "imported");
  return (
    <>
      <Panel title={t.imports} note={t.imports_why}>
        <Answer of={asked}>
          {({ imports }) =>
            imports.length === 0 ? <Nothing title={t.no_imports} /> : <Table of={imports} tags={tags} />
          }
        </Answer>
      </Panel>
      {who.role === "operator" && catalogue.data && (
        <Panel title={t.bring_tag} note={imported.length === 0 ? t.no_imported_tags : t.bring_tag_why}>
          {imported.length > 0 && (
            <NewImport tags={imported} onDone={() => void client.invalidateQueries({ queryKey: ["tag-imports"] })} />
          )}
        </Panel>
      )}
    </>
  );
}
