// Who comes and goes, as it happens.

import { UserAddOutlined, UserDeleteOutlined } from "../controls/signs";
import { Count, Figure, Moment, Name } from "../parts/figures";
import { Panel } from "../parts/page";
import { useWords } from "../theme/settings";
import { useMoves } from "./moves";

export function MovesPanel({ id }: { id: string }) {
  const t = useWords().segment_page;
  const live = useMoves(id);
  return (
    <Panel title={t.moves} note={t.moves_why}>
      <p className={live.state === "broken" ? "problem" : "soft"} role="status">
        {t.moves_state[live.state]}
      </p>
      <div className="figures">
        <Figure name={t.entered}>
          <Count value={live.entered} full />
        </Figure>
        <Figure name={t.left}>
          <Count value={live.left} full />
        </Figure>
      </div>
      {live.moves.length === 0 ? (
        <p className="soft">{t.no_moves}</p>
      ) : (
        <ul className="plain moves" tabIndex={0} aria-label={t.moves}>
          {live.moves.map((move) => (
            <li key={move.number} className="line row">
              {move.move === "enter" ? <UserAddOutlined /> : <UserDeleteOutlined />}
              <span className="soft">{t.move[move.move]}</span>
              <span className="grow">
                <Name of={String(move.user)} />
              </span>
              <span className="soft small">
                <Moment at={move.at} form="clock" />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
