import { useState, type FormEvent } from "react";
import { asProblem, type Role } from "../api/client";
import { Button, Input, Password, say } from "../controls/controls";
import { useWords } from "../theme/settings";
import { Brand } from "../shell/frame";
import { SettingsMenu } from "../shell/settings_menu";
import { useWho } from "./session";

function DemoRoles() {
  const who = useWho();
  const words = useWords();
  const [busy, setBusy] = useState<Role | null>(null);
  if (!who.demo || who.demoRoles.length === 0) return null;
  const enter = async (role: Role) => {
    setBusy(role);
    try {
      await who.signIn({ demo_role: role });
    } catch (error) {
      say.error(asProblem(error).detail || words.state.problem.other.title);
      setBusy(null);
    }
  };
  return (
    <section className="panel" aria-labelledby="demo-title">
      <h2 id="demo-title">{words.sign_in.demo}</h2>
      <p className="panel-note">{words.sign_in.demo_why}</p>
      <ul className="demo-roles">
        {who.demoRoles.map((role) => (
          <li key={role}>
            <Button block loading={busy === role} onClick={() => void enter(role)} className="demo-role">
              <strong>{words.role[role]}</strong>
              <span>{words.sign_in.role_does[role]}</span>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Form() {
  const who = useWho();
  const words = useWords();
  const [form, setForm] = useState({ name: "", password: "", totp: "" });
  const [asksCode, setAsksCode] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState("");
  const field = (name: keyof typeof form) => ({
    id: `sign-in-${name}`,
    value: form[name],
    onChange: (event: { target: { value: string } }) => setForm({ ...form, [name]: event.target.value }),
  });
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setRefused("");
    try {
      await who.signIn({
        name: form.name,
        password: form.password,
        ...(asksCode && form.totp ? { totp: form.totp } : {}),
      });
    } catch (error) {
      const problem = asProblem(error);
      if (problem.code.replace("-", "_") === "totp_needed") setAsksCode(true);
      else if (problem.status === 429) setRefused(words.sign_in.wait(problem.retryAfter));
      else if (problem.status === 401) setRefused(words.sign_in.wrong);
      else setRefused(problem.detail || words.state.problem[problem.status === 0 ? "offline" : "other"].title);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="panel sign-in-form" onSubmit={(event) => void send(event)}>
      <h2>{words.sign_in.title}</h2>
      <label htmlFor="sign-in-name">{words.sign_in.name}</label>
      <Input {...field("name")} autoComplete="username" required autoFocus={!who.demo} />
      <label htmlFor="sign-in-password">{words.sign_in.password}</label>
      <Password {...field("password")} autoComplete="current-password" required />
      {asksCode && (
        <>
          <label htmlFor="sign-in-totp">{words.sign_in.code}</label>
          <Input {...field("totp")} inputMode="numeric" autoComplete="one-time-code" maxLength={6} required />
        </>
      )}
      <p role="alert" className="problem">
        {refused}
      </p>
      <Button type="primary" htmlType="submit" loading={busy} block>
        {words.sign_in.enter}
      </Button>
    </form>
  );
}

export function SignInPage() {
  const words = useWords();
  return (
    <div className="sign-in">
      <header className="top">
        <Brand />
        <SettingsMenu />
      </header>
      <main className="sign-in-main">
        <h1>{words.sign_in.hello}</h1>
        <p className="lead">{words.sign_in.lead}</p>
        <DemoRoles />
        <Form />
      </main>
    </div>
  );
}
