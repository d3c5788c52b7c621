// Who the people of a composition are, beside everybody: each value's share with its interval, the most surprising first.

import { useMemo, useState } from "react";
import type { Schemas } from "../api/client";
import { Button, Input } from "../controls/controls";
import { DownloadOutlined } from "../controls/signs";
import { Count, Share } from "../parts/figures";
import { Nothing } from "../parts/states";
import { exactPercent } from "../show/numbers";
import { useSettings } from "../theme/settings";
import { saveFile, toCsv } from "./export";
import { RegionMap } from "./region_map";

type Composition = Schemas["Composition"];
type Row = Composition["rows"][number];

function ShareRow({ row }: { row: Row }) {
  const { words, language } = useSettings();
  const t = words.portrait;
  const told = t.told(
    exactPercent(row.share, language),
    exactPercent(row.low, language),
    exactPercent(row.high, language),
    exactPercent(row.base_share, language),
  );
  const percent = (share: number) => `${Math.min(100, Math.max(0, share * 100))}%`;
  return (
    <li className="share-row">
      <span className="share-name">{row[language]}</span>
      <span className="share-way" title={told} role="img" aria-label={told}>
        <i className="share-fill" style={{ width: percent(row.share) }} />
        <i className="share-range" style={{ left: percent(row.low), width: percent(row.high - row.low) }} />
        <i className="share-base" style={{ left: percent(row.base_share) }} />
      </span>
      <span className="bar-value">
        <Share value={row.share} />
      </span>
      <span className="bar-value soft share-all">
        <Share value={row.base_share} />
      </span>
    </li>
  );
}

const csvHead = ["tag", "value", "en", "zh", "count", "share", "low", "high", "base_share", "surprise"] as const;

function Files({ of, rows, name }: { of: Composition; rows: Row[]; name: string }) {
  return (
    <>
      <Button
        size="small"
        icon={<DownloadOutlined />}
        onClick={() => saveFile(`${name}.csv`, toCsv(csvHead, rows), "text/csv")}
      >
        CSV
      </Button>
      <Button
        size="small"
        icon={<DownloadOutlined />}
        onClick={() => saveFile(`${name}.json`, JSON.stringify(of, null, 2), "application/json")}
      >
        JSON
      </Button>
    </>
  );
}

export function Portrait({ of, name }: { of: Composition; name: string }) {
  const { words } = useSettings();
  const t = words.portrait;
  const [search, setSearch] = useState("");
  const [many, setMany] = useState(false);
  const wanted = search.trim().toLowerCase();
  const rows = useMemo(
    () => of.rows.filter((row) => wanted === "" || row.en.toLowerCase().includes(wanted) || row.zh.includes(wanted)),
    [of, wanted],
  );
  const shown = many ? rows : rows.slice(0, 12);
  return (
    <>
      <p>
        {t.people}{" "}
        <strong>
          <Count value={of.count} full />
        </strong>{" "}
        <span className="soft">
          {of.exact ? t.exactly : t.within(of.within)} · {t.hidden(of.hidden)}
        </span>
      </p>
      {of.rows.length === 0 ? (
        <Nothing title={t.nothing}>{t.nothing_why}</Nothing>
      ) : (
        <div className="portrait">
          <RegionMap rows={of.rows} />
          <div className="portrait-rows">
            <div className="line portrait-tools">
              <Input
                className="portrait-search"
                type="search"
                value={search}
                placeholder={t.search}
                aria-label={t.search}
                onChange={(event) => setSearch(event.target.value)}
              />
              <Files of={of} rows={rows} name={name} />
            </div>
            <div className="share-row share-head soft small" aria-hidden>
              <span />
              <span>{t.legend}</span>
              <span className="bar-value">{t.here}</span>
              <span className="bar-value share-all">{t.everybody}</span>
            </div>
            <ul className="plain">
              {shown.map((row) => (
                <ShareRow key={`${row.tag} ${row.value ?? ""}`} row={row} />
              ))}
            </ul>
            {rows.length > shown.length && (
              <Button type="link" onClick={() => setMany(true)}>
                {t.all(rows.length)}
              </Button>
            )}
          </div>
        </div>
      )}
    </>
  );
}
