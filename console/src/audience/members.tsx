// Who is in a saved segment now, page by page.

import { api, ask, type Schemas } from "../api/client";
import { Button } from "../controls/controls";
import { Name } from "../parts/figures";
import { Panel } from "../parts/page";
import { Rows } from "../parts/rows";
import { Nothing } from "../parts/states";
import { useWords } from "../theme/settings";

export const memberPx = 38;

export function MembersPanel({ of, explain }: { of: Schemas["Segment"]; explain?: (user: string) => void }) {
  const t = useWords().segment_page;
  return (
    <Panel title={t.members} note={t.members_why}>
      <Rows
        label={t.members}
        what={["members", of.id, of.version, of.state]}
        height={memberPx}
        page={async (cursor) => {
          const { users, next } = await ask(
            api.GET("/v1/segments/{id}/members", { params: { path: { id: of.id }, query: { limit: 1000, cursor } } }),
          );
          return { items: users.map(String), next };
        }}
        keyOf={(user) => user}
        empty={<Nothing title={t.no_members} />}
        row={(user) => (
          <div className="line member">
            <span className="grow">
              <Name of={user} />
            </span>
            {explain && (
              <Button size="small" type="link" aria-label={t.why_of(user)} onClick={() => explain(user)}>
                {t.why_in}
              </Button>
            )}
          </div>
        )}
      />
    </Panel>
  );
}
