import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { toBase64, toHex } from "zan-verify";
import { api, ask } from "../api/client";
import { Button, Input, InputNumber } from "../controls/controls";
import { CheckOutlined, CloseOutlined } from "../controls/signs";
import { Count, Figure, Name } from "../parts/figures";
import { Facts, Page, Panel } from "../parts/page";
import { Rows } from "../parts/rows";
import { Answer, Nothing } from "../parts/states";
import { ReceiptDrawer } from "../receipts/receipt_view";
import { useWords } from "../theme/settings";
import { entriesBelow, provenEntry, readHead, typeName, type Head } from "./log";

function Line({ holds, children }: { holds: boolean; children: ReactNode }) {
  return (
    <li className={`step ${holds ? "step-done" : "step-failed"}`}>
      <span aria-hidden>{holds ? <CheckOutlined /> : <CloseOutlined />}</span>
      <span>{children}</span>
    </li>
  );
}

function HeadPanel({ head }: { head: Head }) {
  const t = useWords().log;
  return (
    <Panel title={t.head} note={t.head_why}>
      <div className="figures">
        <Figure name={t.size}>
          <Count value={head.size} full />
        </Figure>
        <Figure
          name={t.witnesses}
          note={head.others.length === 0 ? t.no_witness : head.others.map((line) => line.name).join(", ")}
        >
          <Count value={head.others.length} full />
        </Figure>
      </div>
      <ol className="plain steps">
        <Line holds={!head.refused}>
          {head.refused ? t.bad_signature : t.signed_by(head.signers.map((key) => `${key.name} +${key.id}`).join(", "))}
        </Line>
        {head.before && (
          <Line holds={head.before.extended}>
            {head.before.extended ? t.extends(head.before.size) : t.contradicts(head.before.size)}
          </Line>
        )}
      </ol>
      <Facts
        of={[
          [t.origin, <Name key="origin" of={head.checkpoint.origin} />],
          [
            t.root,
            <span key="root" className="hash">
              {toBase64(head.checkpoint.root)}
            </span>,
          ],
        ]}
      />
    </Panel>
  );
}

function EntryView({ head, index }: { head: Head; index: number }) {
  const words = useWords();
  const t = words.log;
  const asked = useQuery({
    queryKey: ["log-entry", head.size, index],
    queryFn: () => provenEntry(head, index),
    staleTime: Infinity,
  });
  return (
    <Answer of={asked}>
      {(entry) => (
        <div className="receipt" data-state={entry.holds ? "proven" : "refused"}>
          <ol className="plain steps">
            <Line holds={entry.holds}>{entry.holds ? t.included(entry.index, head.size) : t.not_included}</Line>
          </ol>
          <Facts
            of={[
              [
                t.type,
                words.receipt.type[typeName(entry.type) as keyof typeof words.receipt.type] ?? String(entry.type),
              ],
              [
                t.bytes,
                <span key="bytes" className="hash">
                  {toHex(entry.bytes)}
                </span>,
              ],
              [
                t.commitment,
                <span key="commitment" className="hash">
                  {toHex(entry.commitment)}
                </span>,
              ],
              [
                t.leaf,
                <span key="leaf" className="hash">
                  {toHex(entry.leaf)}
                </span>,
              ],
            ]}
          />
          <details className="way">
            <summary>{words.receipt.way(entry.way.length)}</summary>
            <ol className="plain">
              {entry.way.map((step, i) => (
                <li key={i}>
                  <span className="soft small">{words.receipt.joined[step.side]}</span>
                  <span className="hash">{toHex(step.hash)}</span>
                </li>
              ))}
            </ol>
          </details>
          <p className="soft small">{t.opaque}</p>
        </div>
      )}
    </Answer>
  );
}

function Lookup({ head, index, choose }: { head: Head; index: number | null; choose: (index: number) => void }) {
  const words = useWords();
  const t = words.log;
  const [typed, setTyped] = useState<number | null>(null);
  const [id, setId] = useState("");
  const [opened, setOpened] = useState<string | null>(null);
  const [day, setDay] = useState<string | null>(null);
  const days = useQuery({
    queryKey: ["log-day", day],
    enabled: day !== null,
    queryFn: () => ask(api.GET("/v1/log/days/{id}", { params: { path: { id: day! } } })),
  });
  const open = (event: FormEvent) => {
    event.preventDefault();
    if (id.trim()) setOpened(id.trim());
  };
  return (
    <Panel title={t.find} note={t.find_why}>
      <div className="finders">
        <form
          className="line"
          onSubmit={(event) => {
            event.preventDefault();
            if (typed !== null) choose(typed);
          }}
        >
          <InputNumber
            min={0}
            max={head.size - 1}
            whole
            value={typed}
            onChange={setTyped}
            placeholder={t.index}
            aria-label={t.index}
          />
          <Button htmlType="submit">{t.show}</Button>
        </form>
        <form className="line" onSubmit={open}>
          <Input
            value={id}
            placeholder={words.receipts.id_form}
            aria-label={words.receipts.id}
            onChange={(event) => setId(event.target.value)}
          />
          <Button htmlType="submit">{words.receipts.check}</Button>
        </form>
        <div className="line">
          <Input type="date" aria-label={t.day} onChange={(event) => setDay(event.target.value || null)} />
          {days.data &&
            (days.data.end > days.data.first ? (
              <Button type="link" onClick={() => choose(days.data.first)}>
                {t.day_has(days.data.end - days.data.first, days.data.first)}
              </Button>
            ) : (
              <span className="soft">{t.day_empty}</span>
            ))}
        </div>
      </div>
      {index !== null && <EntryView head={head} index={index} />}
      <ReceiptDrawer id={opened} user={null} onClose={() => setOpened(null)} />
    </Panel>
  );
}

function Entries({ head, choose }: { head: Head; choose: (index: number) => void }) {
  const words = useWords();
  const t = words.log;
  return (
    <Panel title={t.newest}>
      <Rows
        label={t.newest}
        what={["log", head.size]}
        height={46}
        page={async (cursor) => {
          const end = cursor === undefined ? head.size : Number(cursor);
          const items = await entriesBelow(head.size, end, 64);
          const last = items.at(-1)?.index ?? 0;
          return { items, next: last > 0 ? String(last) : null };
        }}
        keyOf={(entry) => String(entry.index)}
        empty={<Nothing title={t.empty} />}
        row={(entry) => (
          <div className="line entry-row">
            <Button type="link" size="small" onClick={() => choose(entry.index)}>
              #{entry.index}
            </Button>
            <span>{words.receipt.type[typeName(entry.type) as keyof typeof words.receipt.type] ?? entry.type}</span>
            <span className="grow hash soft">{toHex(entry.commitment)}</span>
          </div>
        )}
      />
    </Panel>
  );
}

export default function LogPage() {
  const words = useWords();
  const t = words.log;
  const [index, setIndex] = useState<number | null>(null);
  const head = useQuery({ queryKey: ["log-head"], queryFn: readHead });
  const choose = (to: number) => {
    setIndex(to);
    document.getElementById("find")?.scrollIntoView({ block: "nearest" });
  };
  return (
    <Page
      title={words.place.log}
      lead={t.lead}
      actions={<Button onClick={() => void head.refetch()}>{t.look_again}</Button>}
    >
      <Answer of={head} rows={8}>
        {(found) => (
          <>
            <HeadPanel head={found} />
            <div id="find">
              <Lookup head={found} index={index} choose={choose} />
            </div>
            <Entries head={found} choose={choose} />
          </>
        )}
      </Answer>
    </Page>
  );
}
