// The states of anything that is asked for: on its way, refused, unreachable, empty.

import type { ReactNode } from "react";
import { asProblem, type ApiProblem } from "../api/client";
import { Button, Skeleton } from "../controls/controls";
import { DisconnectOutlined, InboxOutlined, LockOutlined, WarningOutlined } from "../controls/signs";
import { useWords } from "../theme/settings";

export function Loading({ rows = 4 }: { rows?: number }) {
  const words = useWords();
  return (
    <div role="status" aria-live="polite" className="state-loading">
      <span className="unseen">{words.state.loading}</span>
      <Skeleton rows={rows} />
    </div>
  );
}

export function Nothing({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="state">
      <InboxOutlined className="state-sign" />
      <p className="state-title">{title}</p>
      {children && <div className="state-text">{children}</div>}
      {action}
    </div>
  );
}

function kindOf(problem: ApiProblem): "offline" | "forbidden" | "missing" | "busy" | "signed_out" | "other" {
  if (problem.status === 0 && problem.code === "offline") return "offline";
  if (problem.status === 401) return "signed_out";
  if (problem.status === 403) return "forbidden";
  if (problem.status === 404) return "missing";
  if (problem.status === 429 || problem.status === 503) return "busy";
  return "other";
}

export function Trouble({ error, again }: { error: unknown; again?: () => void }) {
  const words = useWords();
  const problem = asProblem(error);
  const kind = kindOf(problem);
  const said = words.state.problem[kind];
  const sign =
    kind === "offline" ? <DisconnectOutlined /> : kind === "forbidden" ? <LockOutlined /> : <WarningOutlined />;
  return (
    <div className="state" role="alert">
      <span className="state-sign" aria-hidden>
        {sign}
      </span>
      <p className="state-title">{said.title}</p>
      <p className="state-text">{said.text}</p>
      {problem.status > 0 && (
        <p className="state-detail">
          {problem.detail || problem.message}
          {problem.requestId && (
            <>
              {" "}
              · <span className="mono">{words.state.request(problem.requestId)}</span>
            </>
          )}
        </p>
      )}
      {again && <Button onClick={again}>{words.state.again}</Button>}
    </div>
  );
}

interface Asked<T> {
  data: T | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
}

// What was asked for, or the state it is in. An old answer stays while a new one fails.
export function Answer<T>({ of, rows, children }: { of: Asked<T>; rows?: number; children: (data: T) => ReactNode }) {
  if (of.data !== undefined) return <>{children(of.data)}</>;
  if (of.error) return <Trouble error={of.error} again={() => void of.refetch()} />;
  return <Loading rows={rows} />;
}
