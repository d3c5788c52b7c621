import { useState } from "react";
import type { Schemas } from "../api/client";
import { Input, Select } from "../controls/controls";
import { Count } from "../parts/figures";
import { Page, Panel } from "../parts/page";
import { Rows } from "../parts/rows";
import { Answer, Nothing } from "../parts/states";
import { useSettings } from "../theme/settings";
import "./audience.css";
import { useCatalogue } from "./catalogue";

function TagRow({ tag }: { tag: Schemas["Tag"] }) {
  const { words, language } = useSettings();
  const t = words.tags;
  return (
    <div>
      <div className="line">
        <strong>{tag[language]}</strong>
        <span className="mono soft">{tag.tag}</span>
        <span className="end soft small">
          {t.type[tag.type]} · {words.me.source[tag.source]} · {t.sensitivity[tag.sensitivity]}
          {tag.keep_days !== undefined && <> · {t.kept(tag.keep_days)}</>}
        </span>
      </div>
      <p className="soft small clamp">{tag.how[language]}</p>
      {tag.values && (
        <p className="chips small soft">
          {tag.values.map((value) => (
            <span key={value.value}>{value[language]}</span>
          ))}
        </p>
      )}
    </div>
  );
}

function Catalogue({ of }: { of: Schemas["Tags"] }) {
  const { words, language } = useSettings();
  const t = words.tags;
  const [search, setSearch] = useState("");
  const [source, setSource] = useState("");
  const wanted = search.trim().toLowerCase();
  const found = of.tags.filter(
    (tag) =>
      (source === "" || tag.source === source) &&
      (wanted === "" || [tag.tag, tag.en.toLowerCase(), tag.zh].some((text) => text.includes(wanted))),
  );
  return (
    <>
      <Panel title={t.purposes} note={t.purposes_why}>
        <ul className="plain">
          {of.purposes.map((each) => (
            <li key={each.purpose} className="row">
              <strong className="mono">{each.purpose}</strong> · {each[language]}
              <p className="soft small">
                {t.consent[each.consent]}
                {each.adults_only && ` · ${t.adults}`} · {t.least} <Count value={each.least_people} />
              </p>
            </li>
          ))}
        </ul>
      </Panel>
      <Panel
        title={t.all(found.length)}
        actions={
          <>
            <Input
              className="portrait-search"
              type="search"
              value={search}
              placeholder={t.search}
              aria-label={t.search}
              onChange={(event) => setSearch(event.target.value)}
            />
            <Select
              value={source}
              onChange={setSource}
              aria-label={t.source}
              options={["", "derived", "declared", "imported"].map((value) => ({
                value,
                label: value === "" ? t.any_source : words.me.source[value as "derived"],
              }))}
            />
          </>
        }
      >
        <Rows
          label={t.all(found.length)}
          what={["tags", wanted, source, found.length]}
          height={84}
          page={() => Promise.resolve({ items: found, next: null })}
          keyOf={(tag) => tag.tag}
          empty={<Nothing title={t.none} />}
          row={(tag) => <TagRow tag={tag} />}
        />
      </Panel>
    </>
  );
}

export default function TagsPage() {
  const { words } = useSettings();
  const asked = useCatalogue();
  return (
    <Page title={words.place.tags} lead={words.tags.lead}>
      <Answer of={asked} rows={10}>
        {(data) => <Catalogue of={data} />}
      </Answer>
    </Page>
  );
}
