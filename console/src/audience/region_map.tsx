// Where the people of a composition are, as squares in about the places of their regions.

import { useMemo } from "react";
import type { Schemas } from "../api/client";
import { Share } from "../parts/figures";
import { exactPercent } from "../show/numbers";
import { useSettings } from "../theme/settings";
import "./region_map.css";
import { regionOf, regions, shadeOf } from "./regions";

type Row = Schemas["Composition"]["rows"][number];

// What people say of themselves comes before what was seen of them.
const tags = ["region", "seen_in"] as const;

function rowsByRegion(rows: Row[], tag: string) {
  const found = rows.flatMap((row) => {
    const region = row.tag === tag && row.value ? regionOf(row.value) : undefined;
    return region ? [[region.code, row] as const] : [];
  });
  return new Map(found);
}

export function RegionMap({ rows }: { rows: Row[] }) {
  const { words, language } = useSettings();
  const t = words.portrait;
  const { tag, told } = useMemo(() => {
    const all = tags.map((each) => ({ tag: each, told: rowsByRegion(rows, each) }));
    return all.find((each) => each.told.size > 0) ?? all[0]!;
  }, [rows]);
  if (told.size === 0) return null;
  const greatest = Math.max(...[...told.values()].map((row) => row.share));
  return (
    <figure className="region-map">
      <ul aria-label={t.regions}>
        {regions.map((region) => {
          const row = told.get(region.code);
          const said = row
            ? t.region_told(region[language], exactPercent(row.share, language), exactPercent(row.base_share, language))
            : t.region_untold(region[language]);
          return (
            <li
              key={region.code}
              className={`region region-${row ? shadeOf(row.share, greatest) : 0}`}
              style={{ gridColumn: region.column, gridRow: region.row }}
              title={said}
              aria-label={said}
            >
              <span aria-hidden>{language === "zh" ? region.zh : region.code.toUpperCase()}</span>
              {row && (
                <small aria-hidden>
                  <Share value={row.share} />
                </small>
              )}
            </li>
          );
        })}
      </ul>
      <figcaption className="soft small">
        {t.regions_by[tag]}
        {t.regions_why}
      </figcaption>
    </figure>
  );
}
