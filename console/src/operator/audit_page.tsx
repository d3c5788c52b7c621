import { api, ask } from "../api/client";
import { Moment, Name } from "../parts/figures";
import { Page, Panel } from "../parts/page";
import { Rows } from "../parts/rows";
import { Nothing } from "../parts/states";
import { useWho } from "../session/session";
import { useWords } from "../theme/settings";

// With accounts: everything staff did. Without them: what was decided about cases, which is kept in any event.
function Trail() {
  const words = useWords();
  const t = words.audit;
  return (
    <Panel title={t.trail}>
      <Rows
        label={t.trail}
        what={["audit"]}
        page={(cursor) => ask(api.GET("/v1/audit", { params: { query: { limit: 100, cursor } } }))}
        keyOf={(item, index) => `${item.request_id} ${index}`}
        empty={<Nothing title={t.none} />}
        row={(item) => (
          <div className="line">
            <span className="soft small">
              <Moment at={item.at} form="precise" />
            </span>
            <strong>
              <Name of={item.by} />
            </strong>
            <span className="soft">{words.role[item.role as keyof typeof words.role] ?? item.role}</span>
            <span className="grow mono">
              {item.what} {item.target !== null && <Name of={item.target} />}
            </span>
            <span className={item.status >= 400 ? "problem mono" : "mono soft"}>{item.status}</span>
          </div>
        )}
      />
    </Panel>
  );
}

function Decisions() {
  const words = useWords();
  const t = words.audit;
  return (
    <Panel title={t.decisions}>
      <Rows
        label={t.decisions}
        what={["acts"]}
        page={(cursor) => ask(api.GET("/v1/integrity/acts", { params: { query: { limit: 100, cursor } } }))}
        keyOf={(item) => item.position}
        empty={<Nothing title={t.no_decisions} />}
        row={(item) => (
          <div className="line">
            <span className="soft small">
              <Moment at={item.at} form="precise" />
            </span>
            <strong>
              <Name of={item.by} />
            </strong>
            <span className="grow">
              {words.case_page.event[item.act]} · <span className="mono">{item.case}</span>
              {item.to !== null && ` → ${item.to}`}
              {item.note && <span className="soft"> – {item.note}</span>}
            </span>
          </div>
        )}
      />
    </Panel>
  );
}

export default function AuditPage() {
  const words = useWords();
  const who = useWho();
  return (
    <Page title={words.place.audit} lead={who.open ? words.audit.lead_open : words.audit.lead}>
      {!who.open && <Trail />}
      <Decisions />
    </Page>
  );
}
