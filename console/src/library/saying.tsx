import { message } from "antd";
import { useEffect } from "react";
import type { Line } from "../controls/said";
import { Dressed } from "./dressed";

const staysSeconds: Record<Line["kind"], number> = { info: 4, success: 3, error: 7 };

interface Props {
  lines: Line[];
  taken: (lines: Line[]) => void;
}

function Saying({ lines, taken }: Props) {
  const [shown, holder] = message.useMessage({ maxCount: 4, top: 14 });
  useEffect(() => {
    if (lines.length === 0) return;
    for (const { id, kind, text } of lines) {
      const content = (
        <span className="said-line" role={kind === "error" ? "alert" : "status"}>
          {text}
        </span>
      );
      void shown.open({ key: id, type: kind, content, duration: staysSeconds[kind] });
    }
    taken(lines);
  }, [lines, taken, shown]);
  return holder;
}

export function LibrarySaying(props: Props) {
  return (
    <Dressed>
      <Saying {...props} />
    </Dressed>
  );
}
