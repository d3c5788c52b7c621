import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Link } from "react-router-dom";
import { api, ask, type Schemas } from "../api/client";
import { Segmented } from "../controls/controls";
import { Come } from "../parts/come";
import { Count, Moment } from "../parts/figures";
import { Page, Panel } from "../parts/page";
import { Rows } from "../parts/rows";
import { Nothing } from "../parts/states";
import { useWho } from "../session/session";
import { ago } from "../show/times";
import { useSettings } from "../theme/settings";
import { between } from "./bulk";
import { BulkBar } from "./bulk_bar";
import { Standing } from "./case_parts";
import "./operator.css";

const filters = ["all", "waiting", "suspected", "confirmed", "cleared"] as const;
type Filter = (typeof filters)[number];

function CaseRow({ of, pick }: { of: Schemas["CaseSummary"]; pick: ReactNode }) {
  const { words, language } = useSettings();
  const t = words.cases;
  return (
    <div className="case-row">
      <div className="line">
        {pick}
        <Standing of={of.standing} />
        <Link to={`/cases/${of.case}`} className="mono">
          {of.case}
        </Link>
        <span>
          {t.size(of.accounts, of.subjects)} · <Count value={of.likes} /> {t.likes}
        </span>
        <span className="end soft small">
          {of.due_at && (
            <span className={of.overdue ? "problem" : ""} title={of.due_at}>
              {t.due(ago(of.due_at, Date.now(), language))} ·{" "}
            </span>
          )}
          {of.open_appeals > 0 && <strong>{t.appeals(of.open_appeals)} · </strong>}
          {of.assignee !== null && <>{t.assigned(of.assignee)} · </>}
          {t.noticed} <Moment at={of.noticed_at} />
        </span>
      </div>
      <p className="clamp soft">{of.words[language]}</p>
    </div>
  );
}

// Which cases are picked. With Shift, all from the one before; arrows go from row to row.
function usePicks() {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const shown = useRef<Come<Schemas["CaseSummary"]>>(new Come([]));
  const last = useRef("");
  const pick = (id: string, on: boolean, range: boolean) => {
    const all = () => shown.current.map((item) => item.case);
    const which = range && last.current ? between(all(), last.current, id) : [id];
    last.current = id;
    setPicked((before) => {
      const next = new Set(before);
      for (const each of which) {
        if (on) next.add(each);
        else next.delete(each);
      }
      return next;
    });
  };
  const see = useCallback((come: Come<Schemas["CaseSummary"]>) => void (shown.current = come), []);
  return { picked, keep: (cases: string[]) => setPicked(new Set(cases)), pick, see };
}

function toNextRow(event: KeyboardEvent) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const row = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
  if (!step || !row || (event.target as HTMLInputElement).type !== "checkbox") return;
  const next = document.querySelector<HTMLElement>(
    `.cases [data-index="${Number(row.dataset.index) + step}"] input[type=checkbox]`,
  );
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function Queue({ filter }: { filter: Filter }) {
  const { words } = useSettings();
  const t = words.cases;
  const who = useWho();
  const client = useQueryClient();
  const picks = usePicks();
  const range = useRef(false);
  const query = filter === "all" ? {} : filter === "waiting" ? { queue: "waiting" as const } : { standing: filter };
  return (
    <>
      {who.role === "operator" && (
        <BulkBar
          picked={[...picks.picked]}
          keep={picks.keep}
          onDecided={() => void client.invalidateQueries({ queryKey: ["rows", "cases"] })}
        />
      )}
      <div className="cases" onKeyDown={toNextRow}>
        <Rows
          label={words.place.cases}
          what={["cases", filter]}
          height={92}
          refresh={4000}
          page={(cursor) => ask(api.GET("/v1/cases", { params: { query: { ...query, limit: 50, cursor } } }))}
          seen={picks.see}
          keyOf={(item) => item.case}
          empty={<Nothing title={t.none[filter === "waiting" ? "waiting" : "any"]}>{t.none_why}</Nothing>}
          row={(item) => (
            <CaseRow
              of={item}
              pick={
                who.role === "operator" && (
                  <input
                    type="checkbox"
                    className="pick"
                    aria-label={words.bulk.pick(item.case)}
                    checked={picks.picked.has(item.case)}
                    onClick={(event) => (range.current = event.shiftKey)}
                    onChange={(event) => picks.pick(item.case, event.target.checked, range.current)}
                  />
                )
              }
            />
          )}
        />
      </div>
    </>
  );
}

export default function CasesPage() {
  const { words } = useSettings();
  const t = words.cases;
  const [filter, setFilter] = useState<Filter>("all");
  return (
    <Page title={words.place.cases} lead={t.lead}>
      <Panel
        actions={
          <Segmented<Filter>
            value={filter}
            onChange={setFilter}
            aria-label={t.filter}
            options={filters.map((value) => ({ value, label: t.filters[value] }))}
          />
        }
      >
        <Queue key={filter} filter={filter} />
      </Panel>
    </Page>
  );
}
