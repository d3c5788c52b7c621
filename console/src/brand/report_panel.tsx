// The report as a file, and what is proven of it and what is only said.

import { useState } from "react";
import { saveFile } from "../audience/export";
import { Button } from "../controls/controls";
import { DownloadOutlined } from "../controls/signs";
import { Count } from "../parts/figures";
import { Panel } from "../parts/page";
import { Trouble } from "../parts/states";
import { useWords } from "../theme/settings";
import { makeReport } from "./report";

export function ReportPanel({ kind, id }: { kind: "subject" | "creator"; id: string }) {
  const t = useWords().brand;
  const [entries, setEntries] = useState<number | null>(null);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<{ entries: number; all: boolean } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const make = async () => {
    setBusy(true);
    setDone(null);
    setError(null);
    setEntries(0);
    try {
      const report = await makeReport(kind, id, setEntries);
      saveFile(`${kind}-${id}-report.json`, JSON.stringify(report, null, 2), "application/json");
      setDone({ entries: report.evidence.items.length, all: report.evidence.all });
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Panel title={t.report} note={t.report_why}>
      <ul className="report-parts">
        <li>{t.report_proven}</li>
        <li>{t.report_said}</li>
      </ul>
      <div className="line">
        <Button type="primary" icon={<DownloadOutlined />} loading={busy} onClick={() => void make()}>
          {t.report_make}
        </Button>
        <span className="soft" aria-live="polite">
          {busy && entries !== null && (
            <>
              <Count value={entries} full /> {t.report_entries}
            </>
          )}
          {done && (done.all ? t.report_all(done.entries) : t.report_some(done.entries))}
        </span>
      </div>
      {error !== null && <Trouble error={error} again={() => void make()} />}
    </Panel>
  );
}
