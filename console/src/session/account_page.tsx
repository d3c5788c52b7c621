import { useState, type FormEvent } from "react";
import { api, asProblem, ask } from "../api/client";
import { Button, Input, Password, say } from "../controls/controls";
import { Facts, Page, Panel } from "../parts/page";
import { Nothing } from "../parts/states";
import { useSettings } from "../theme/settings";
import { useWho } from "./session";

const passwordMin = 10;

function useDo() {
  const { words } = useSettings();
  return async (work: () => Promise<unknown>, done?: string): Promise<boolean> => {
    try {
      await work();
      if (done) say.success(done);
      return true;
    } catch (error) {
      say.error(words.state.not_done + (asProblem(error).detail || words.state.problem.other.title));
      return false;
    }
  };
}

function NewPassword() {
  const t = useSettings().words.account;
  const run = useDo();
  const [form, setForm] = useState({ old: "", new: "" });
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (await run(() => ask(api.PUT("/v1/account/password", { body: form })), t.password_changed))
      setForm({ old: "", new: "" });
  };
  return (
    <Panel title={t.password} note={t.password_why}>
      <form className="narrow" onSubmit={(event) => void send(event)}>
        <label className="field">
          {t.old}
          <Password
            value={form.old}
            autoComplete="current-password"
            required
            onChange={(event) => setForm({ ...form, old: event.target.value })}
          />
        </label>
        <label className="field">
          {t.new}
          <Password
            value={form.new}
            minLength={passwordMin}
            autoComplete="new-password"
            required
            onChange={(event) => setForm({ ...form, new: event.target.value })}
          />
        </label>
        <Button htmlType="submit" disabled={form.new.length < passwordMin}>
          {t.change}
        </Button>
      </form>
    </Panel>
  );
}

// The secret is shown as text: it is typed, or pasted, into an authenticator.
function SecondFactor({ on, again }: { on: boolean; again: () => void }) {
  const t = useSettings().words.account;
  const run = useDo();
  const [secret, setSecret] = useState<{ secret: string; otpauth: string } | null>(null);
  const [code, setCode] = useState("");
  const [password, setPassword] = useState("");
  const start = () => run(async () => setSecret(await ask(api.POST("/v1/account/totp"))));
  const confirm = async () => {
    if (await run(() => ask(api.PUT("/v1/account/totp", { body: { code } })), t.totp_on)) {
      setSecret(null);
      again();
    }
  };
  const stop = async () => {
    if (await run(() => ask(api.DELETE("/v1/account/totp", { body: { password } })), t.totp_off)) again();
  };
  return (
    <Panel title={t.totp} note={t.totp_why}>
      <div className="narrow">
        {on ? (
          <>
            <label className="field">
              {t.old}
              <Password
                value={password}
                autoComplete="current-password"
                onChange={(event) => setPassword(event.target.value)}
              />
            </label>
            <Button danger disabled={!password} onClick={() => void stop()}>
              {t.totp_stop}
            </Button>
          </>
        ) : secret === null ? (
          <Button onClick={() => void start()}>{t.totp_start}</Button>
        ) : (
          <>
            <Facts
              of={[
                [
                  t.secret,
                  <span key="secret" className="mono">
                    {secret.secret}
                  </span>,
                ],
              ]}
            />
            <p>
              <a href={secret.otpauth}>{t.open_app}</a>
            </p>
            <label className="field">
              {t.code}
              <Input
                value={code}
                inputMode="numeric"
                maxLength={6}
                autoComplete="one-time-code"
                onChange={(event) => setCode(event.target.value)}
              />
            </label>
            <Button type="primary" disabled={code.length !== 6} onClick={() => void confirm()}>
              {t.totp_confirm}
            </Button>
          </>
        )}
      </div>
    </Panel>
  );
}

export default function AccountPage() {
  const { words } = useSettings();
  const t = words.account;
  const who = useWho();
  const run = useDo();
  if (who.open)
    return (
      <Page title={words.place.account}>
        <Nothing title={words.shell.open_server} />
      </Page>
    );
  return (
    <Page
      title={words.place.account}
      lead={words.shell.signed_in(who.name ?? "")}
      actions={<Button onClick={() => void run(() => who.signOut(true))}>{t.everywhere}</Button>}
    >
      <div className="columns">
        <NewPassword />
        <SecondFactor on={who.totp} again={who.again} />
      </div>
    </Page>
  );
}
