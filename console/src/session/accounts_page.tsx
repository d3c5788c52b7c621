import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, asProblem, ask, type Role, type Schemas } from "../api/client";
import { Button, Input, Modal, say, Select, tell } from "../controls/controls";
import { Moment, Name } from "../parts/figures";
import { Page, Panel } from "../parts/page";
import { Answer, Nothing } from "../parts/states";
import { useSettings } from "../theme/settings";
import { allRoles, useWho } from "./session";

function NewAccount({ onDone }: { onDone: (name: string, password: string | null) => void }) {
  const { words } = useSettings();
  const t = words.accounts;
  const [open, setOpen] = useState(false);
  const [role, setRole] = useState<Role>("viewer");
  const [form, setForm] = useState({ name: "", user: "", creator: "" });
  const send = async () => {
    try {
      const made = await ask(
        api.POST("/v1/accounts", {
          body: {
            name: form.name,
            role,
            ...(form.user ? { user: form.user } : {}),
            ...(form.creator ? { creator: form.creator } : {}),
          },
        }),
      );
      setOpen(false);
      onDone(form.name, made.password);
    } catch (error) {
      say.error(words.state.not_done + (asProblem(error).detail || words.state.problem.other.title));
    }
  };
  const field = (name: keyof typeof form, label: string) => (
    <label className="field">
      {label}
      <Input
        value={form[name]}
        maxLength={256}
        onChange={(event) => setForm({ ...form, [name]: event.target.value })}
      />
    </label>
  );
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)}>
        {t.add}
      </Button>
      <Modal
        open={open}
        title={t.add}
        okText={t.add}
        cancelText={words.state.cancel}
        onCancel={() => setOpen(false)}
        onOk={() => void send()}
        okButtonProps={{ disabled: !form.name.trim() }}
      >
        {field("name", words.sign_in.name)}
        <label className="field">
          {t.role}
          <Select
            value={role}
            onChange={setRole}
            aria-label={t.role}
            options={allRoles.map((value) => ({ value, label: words.role[value] }))}
          />
        </label>
        {role === "viewer" && field("user", t.user)}
        {role === "creator" && field("creator", t.creator)}
        <p className="soft">{t.password_made}</p>
      </Modal>
    </>
  );
}

interface AccountChange {
  role?: Role;
  disabled?: boolean;
  reset_password?: boolean;
}

function AccountLine({ account, change }: { account: Schemas["Account"]; change: (to: AccountChange) => void }) {
  const { words } = useSettings();
  const t = words.accounts;
  return (
    <tr>
      <td>
        <Name of={account.name} />
        {account.disabled && <span className="verdict verdict-rejected">{t.disabled}</span>}
      </td>
      <td>
        <Select<Role>
          size="small"
          value={account.role}
          aria-label={t.role_of(account.name)}
          options={allRoles.map((value) => ({ value, label: words.role[value] }))}
          onChange={(role) => change({ role })}
        />
      </td>
      <td>
        <Name of={account.user ?? account.creator ?? ""} />
      </td>
      <td>{account.signed_in_at ? <Moment at={account.signed_in_at} /> : t.never}</td>
      <td className="line">
        <Button size="small" onClick={() => change({ reset_password: true })}>
          {t.reset}
        </Button>
        <Button size="small" danger={!account.disabled} onClick={() => change({ disabled: !account.disabled })}>
          {account.disabled ? t.enable : t.disable}
        </Button>
      </td>
    </tr>
  );
}

function Accounts() {
  const { words } = useSettings();
  const t = words.accounts;
  const asked = useQuery({ queryKey: ["accounts"], queryFn: () => ask(api.GET("/v1/accounts")) });
  const done = (name: string, password: string | null) => {
    void asked.refetch();
    if (password !== null) tell({ title: t.password_of(name), content: <p className="mono">{password}</p> });
  };
  const change = async (account: Schemas["Account"], body: AccountChange) => {
    try {
      const changed = await ask(api.PUT("/v1/accounts/{id}", { params: { path: { id: account.name } }, body }));
      done(account.name, changed.password);
    } catch (error) {
      say.error(words.state.not_done + (asProblem(error).detail || words.state.problem.other.title));
    }
  };
  return (
    <Page title={words.place.accounts} lead={t.lead} actions={<NewAccount onDone={done} />}>
      <Panel>
        <Answer of={asked}>
          {({ items }) => (
            <div className="scroll-x" tabIndex={0} role="region" aria-label={words.place.accounts}>
              <table className="plain-table">
                <thead>
                  <tr>
                    <th>{words.sign_in.name}</th>
                    <th>{t.role}</th>
                    <th>{t.whose}</th>
                    <th>{t.last}</th>
                    <td />
                  </tr>
                </thead>
                <tbody>
                  {items.map((account) => (
                    <AccountLine key={account.name} account={account} change={(to) => void change(account, to)} />
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Answer>
      </Panel>
    </Page>
  );
}

export default function AccountsPage() {
  const { words } = useSettings();
  const { open } = useWho();
  return open ? (
    <Page title={words.place.accounts}>
      <Nothing title={words.shell.open_server} />
    </Page>
  ) : (
    <Accounts />
  );
}
