// The published entries behind a work's counts, each with a receipt that is verified here.

import { useState } from "react";
import { api, ask } from "../api/client";
import { Button } from "../controls/controls";
import { SafetyCertificateOutlined } from "../controls/signs";
import { Moment, Verdict } from "../parts/figures";
import { Panel } from "../parts/page";
import { Rows } from "../parts/rows";
import { Nothing } from "../parts/states";
import { ReceiptDrawer } from "../receipts/receipt_view";
import { useWords } from "../theme/settings";

export function EvidencePanel({ subject }: { subject: string }) {
  const words = useWords();
  const t = words.work;
  const [opened, setOpened] = useState<string | null>(null);
  return (
    <Panel title={t.evidence} note={t.evidence_why}>
      <Rows
        label={t.evidence}
        what={["evidence", subject]}
        page={(cursor) =>
          ask(
            api.GET("/v1/subjects/{id}/evidence", { params: { path: { id: subject }, query: { limit: 100, cursor } } }),
          )
        }
        keyOf={(item) => String(item.index)}
        empty={<Nothing title={t.no_evidence} />}
        row={({ index, event }) => (
          <div className="line">
            <span className="grow">
              {words.receipt.type[event.type]}{" "}
              <span className="soft">
                <Moment at={event.at} form="precise" />
              </span>
            </span>
            <Verdict kind={event.verdict} />
            <span className="soft mono">#{index}</span>
            <Button
              size="small"
              icon={<SafetyCertificateOutlined />}
              aria-label={t.proof_of(String(index))}
              onClick={() => setOpened(`@${event.number}`)}
            >
              {words.receipts.proof}
            </Button>
          </div>
        )}
      />
      <ReceiptDrawer id={opened} user={null} onClose={() => setOpened(null)} />
    </Panel>
  );
}
