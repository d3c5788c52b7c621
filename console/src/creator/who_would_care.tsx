// People who, by what the model learnt, would honestly like a work. A creator is told nobody's name, and a brand nothing.

import { useQuery } from "@tanstack/react-query";
import { api, asProblem, ask } from "../api/client";
import { Name, Share, WorkLink } from "../parts/figures";
import { Panel } from "../parts/page";
import { Answer, Nothing } from "../parts/states";
import { useWords } from "../theme/settings";

export function WhoWouldCare({ id }: { id: string }) {
  const words = useWords();
  const t = words.work;
  const asked = useQuery({
    queryKey: ["match", id],
    retry: false,
    queryFn: () => ask(api.POST("/v1/subjects/{id}/match", { params: { path: { id } }, body: { limit: 20 } })),
  });
  if (asked.error && [403, 404].includes(asProblem(asked.error).status)) return null;
  return (
    <Panel title={t.who_cares} note={t.who_cares_why}>
      <Answer of={asked}>
        {({ users }) =>
          users.length === 0 ? (
            <Nothing title={t.nobody_cares} />
          ) : (
            <div className="scroll-x">
              <table className="plain-table">
                <thead>
                  <tr>
                    <th>{t.person}</th>
                    <th className="number">{words.feed.signal.like}</th>
                    <th className="number">{words.feed.signal.long_view}</th>
                    <th className="number">{words.feed.signal.follow}</th>
                  </tr>
                </thead>
                <tbody>
                  {users.map((user, i) => (
                    <tr key={i}>
                      <td>{user.user === null ? `#${i + 1}` : <Name of={user.user} />}</td>
                      <td className="number">
                        <Share value={user.chances.like} />
                      </td>
                      <td className="number">
                        <Share value={user.chances.long_view} />
                      </td>
                      <td className="number">
                        <Share value={user.chances.follow} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Answer>
    </Panel>
  );
}

export function SimilarWorks({ id }: { id: string }) {
  const words = useWords();
  const t = words.work;
  const asked = useQuery({
    queryKey: ["similar", id],
    retry: false,
    queryFn: () => ask(api.GET("/v1/similar/{id}", { params: { path: { id }, query: { limit: 12 } } })),
  });
  if (asked.error && [403, 404].includes(asProblem(asked.error).status)) return null;
  return (
    <Panel title={t.similar} note={t.similar_why}>
      <Answer of={asked} rows={2}>
        {({ similar }) =>
          similar.length === 0 ? (
            <p className="soft">{t.nothing_similar}</p>
          ) : (
            <ul className="plain">
              {similar.map((each) => (
                <li key={each.subject} className="line">
                  <span className="grow">
                    <WorkLink id={each.subject} />
                  </span>
                  <span className="soft">{t.alike_by[each.by]}</span>
                  <Share value={each.score} />
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </Panel>
  );
}
