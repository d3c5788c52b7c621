import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { api, asProblem, ask, type Schemas } from "../api/client";
import { Button, Input, Modal, say } from "../controls/controls";
import { Facts, Page, Panel } from "../parts/page";
import { Answer } from "../parts/states";
import { useWho } from "../session/session";
import { bytes, exact } from "../show/numbers";
import { useSettings } from "../theme/settings";

type Part = "evidence" | "integrity" | "intake" | "audience" | "matching";
const parts: Part[] = ["intake", "integrity", "evidence", "audience", "matching"];

// Every number that the API gives, by its own name: the operator's words are those of the API's description.
function PartFacts({ of }: { of: Record<string, unknown> }) {
  const { language } = useSettings();
  const shown = (name: string, value: unknown): ReactNode => {
    if (typeof value === "number")
      return name.endsWith("bytes") ? (
        <span title={exact(value, language)}>{bytes(value, language)}</span>
      ) : (
        exact(value, language)
      );
    return String(value);
  };
  return (
    <Facts
      of={Object.entries(of)
        .filter(([, value]) => typeof value !== "object")
        .map(([name, value]) => [name, shown(name, value)])}
    />
  );
}

function Backup() {
  const { words } = useSettings();
  const t = words.server;
  const [open, setOpen] = useState(false);
  const [to, setTo] = useState("");
  const [busy, setBusy] = useState(false);
  const run = async (work: () => Promise<unknown>, done: string) => {
    setBusy(true);
    try {
      await work();
      say.success(done);
      setOpen(false);
    } catch (error) {
      say.error(words.state.not_done + (asProblem(error).detail || words.state.problem.other.title));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t.backup}</Button>
      <Button loading={busy} onClick={() => void run(() => ask(api.POST("/v1/admin/compact")), t.compacted)}>
        {t.compact}
      </Button>
      <Modal
        open={open}
        title={t.backup}
        okText={t.backup}
        cancelText={words.state.cancel}
        confirmLoading={busy}
        onCancel={() => setOpen(false)}
        okButtonProps={{ disabled: !to.trim() }}
        onOk={() => void run(() => ask(api.POST("/v1/admin/backup", { body: { to } })), t.backed_up(to))}
      >
        <p>{t.backup_why}</p>
        <label className="field">
          {t.folder}
          <Input value={to} onChange={(event) => setTo(event.target.value)} />
        </label>
      </Modal>
    </>
  );
}

export default function StatusPage() {
  const { words } = useSettings();
  const t = words.server;
  const who = useWho();
  const asked = useQuery({ queryKey: ["status"], queryFn: () => ask(api.GET("/v1/status")), refetchInterval: 3000 });
  return (
    <Page title={words.place.status} lead={t.lead} actions={who.mayChange && <Backup />}>
      <Answer of={asked} rows={10}>
        {(status: Schemas["Status"]) => (
          <>
            <Panel title={words.overview.status[status.status]}>
              <PartFacts of={status} />
            </Panel>
            <div className="columns">
              {parts.map(
                (part) =>
                  status[part] && (
                    <Panel key={part} title={t.part[part]}>
                      {status[part].trouble && (
                        <p className="problem" role="alert">
                          {status[part].trouble}
                        </p>
                      )}
                      <PartFacts of={status[part]} />
                    </Panel>
                  ),
              )}
            </div>
          </>
        )}
      </Answer>
    </Page>
  );
}
