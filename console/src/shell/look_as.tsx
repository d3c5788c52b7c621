// On an open server, and for an operator: whose eyes a viewer's or a creator's pages look through.

import { useEffect, useState } from "react";
import { Input } from "../controls/controls";
import { useWho } from "../session/session";
import { useWords } from "../theme/settings";

export function LookAs() {
  const who = useWho();
  const words = useWords();
  const kind = who.role === "viewer" ? "user" : who.role === "creator" ? "creator" : null;
  const current = kind ? (who[kind] ?? "") : "";
  const [text, setText] = useState(current);
  useEffect(() => setText(current), [current]);
  if (!kind || who.roles.length < 2) return null;
  const take = () => {
    const name = text.trim();
    if (name !== "" && name !== current) who.look({ [kind]: name });
    else setText(current);
  };
  return (
    <label className="role-pick">
      <span>{words.shell.as[kind]}</span>
      <Input
        value={text}
        maxLength={256}
        aria-label={words.shell.as[kind]}
        onChange={(event) => setText(event.target.value)}
        onPressEnter={take}
        onBlur={take}
      />
    </label>
  );
}
