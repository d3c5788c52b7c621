import { Segmented } from "antd";
import { useState } from "react";
import { Link } from "react-router-dom";
import { api, ask, type Schemas } from "../api/client";
import { Count, Moment } from "../parts/figures";
import { Page, Panel } from "../parts/page";
import { Rows } from "../parts/rows";
import { Nothing } from "../parts/states";
import { ago } from "../show/times";
import { useSettings } from "../theme/settings";
import { Standing } from "./case_parts";
import "./operator.css";

const filters = ["all", "waiting", "suspected", "confirmed", "cleared"] as const;
type Filter = (typeof filters)[number];

function CaseRow({ of }: { of: Schemas["CaseSummary"] }) {
  const { words, language } = useSettings();
  const t = words.cases;
  return (
    <div className="case-row">
      <div className="line">
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

export default function CasesPage() {
  const { words } = useSettings();
  const t = words.cases;
  const [filter, setFilter] = useState<Filter>("all");
  const query = filter === "all" ? {} : filter === "waiting" ? { queue: "waiting" as const } : { standing: filter };
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
        <Rows
          label={words.place.cases}
          what={["cases", filter]}
          height={92}
          refresh={4000}
          page={(cursor) => ask(api.GET("/v1/cases", { params: { query: { ...query, limit: 50, cursor } } }))}
          keyOf={(item) => item.case}
          empty={<Nothing title={t.none[filter === "waiting" ? "waiting" : "any"]}>{t.none_why}</Nothing>}
          row={(item) => <CaseRow of={item} />}
        />
      </Panel>
    </Page>
  );
}
