import { useState, type FormEvent } from "react";
import { api, asProblem, ask } from "../api/client";
import { Button, Input, say } from "../controls/controls";
import { SafetyCertificateOutlined } from "../controls/signs";
import { Moment, WorkLink } from "../parts/figures";
import { Page, Panel } from "../parts/page";
import { Rows } from "../parts/rows";
import { Nothing } from "../parts/states";
import { numberOfOwnLike } from "../receipts/receipt";
import { ReceiptDrawer } from "../receipts/receipt_view";
import { useWho } from "../session/session";
import { useWords } from "../theme/settings";
import { keptReceipts } from "./kept_receipts";

function OwnLikes({ user, open }: { user: string; open: (id: string) => void }) {
  const words = useWords();
  const t = words.receipts;
  const [busy, setBusy] = useState("");
  const find = async (subject: string, at: string) => {
    setBusy(subject);
    try {
      const id = await numberOfOwnLike(user, subject, at);
      if (id === null) say.info(t.not_found);
      else open(id);
    } catch (error) {
      say.error(words.state.not_done + (asProblem(error).detail || words.state.problem.other.title));
    } finally {
      setBusy("");
    }
  };
  return (
    <Rows
      label={t.likes}
      what={["likes", user]}
      page={(cursor) =>
        ask(api.GET("/v1/users/{id}/likes", { params: { path: { id: user }, query: { limit: 100, cursor } } }))
      }
      keyOf={(item) => item.subject}
      empty={<Nothing title={t.no_likes} />}
      row={(item) => (
        <div className="line">
          <span className="grow">
            <WorkLink id={item.subject} />{" "}
            <span className="soft">
              <Moment at={item.at} />
            </span>
          </span>
          <Button
            size="small"
            loading={busy === item.subject}
            icon={<SafetyCertificateOutlined />}
            onClick={() => void find(item.subject, item.at)}
          >
            {t.proof}
          </Button>
        </div>
      )}
    />
  );
}

function AnyReceipt({ open }: { open: (id: string) => void }) {
  const t = useWords().receipts;
  const [id, setId] = useState("");
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (id.trim() !== "") open(id.trim());
  };
  return (
    <form className="line" onSubmit={send}>
      <Input
        className="grow"
        value={id}
        maxLength={256}
        placeholder={t.id_form}
        aria-label={t.id}
        onChange={(event) => setId(event.target.value)}
      />
      <Button htmlType="submit">{t.check}</Button>
    </form>
  );
}

function Receipts({ user }: { user: string }) {
  const words = useWords();
  const t = words.receipts;
  const [opened, setOpened] = useState<string | null>(null);
  const kept = keptReceipts(user);
  return (
    <Page title={words.place.receipts} lead={t.lead}>
      {kept.length > 0 && (
        <Panel title={t.from_here} note={t.from_here_why}>
          <ul className="plain">
            {kept.slice(0, 50).map((each) => (
              <li key={each.id} className="row line">
                <span className="grow">
                  {words.receipt.type[each.type as keyof typeof words.receipt.type] ?? each.type} ·{" "}
                  <WorkLink id={each.subject} />{" "}
                  <span className="soft">
                    <Moment at={each.at} />
                  </span>
                </span>
                <Button
                  size="small"
                  icon={<SafetyCertificateOutlined />}
                  onClick={() => setOpened(each.id)}
                >
                  {t.proof}
                </Button>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <Panel title={t.likes} note={t.likes_why}>
        <OwnLikes user={user} open={setOpened} />
      </Panel>
      <Panel title={t.any} note={t.any_why}>
        <AnyReceipt open={setOpened} />
      </Panel>
      <ReceiptDrawer id={opened} user={user} onClose={() => setOpened(null)} />
    </Page>
  );
}

export default function ReceiptsPage() {
  const who = useWho();
  const words = useWords();
  if (!who.user)
    return (
      <Page title={words.place.receipts}>
        <Nothing title={words.feed.nobody}>{words.feed.nobody_why}</Nothing>
      </Page>
    );
  return <Receipts key={who.user} user={who.user} />;
}
