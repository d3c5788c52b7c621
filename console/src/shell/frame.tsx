// What stands around every page: where one is, where one can go, as whom, and how it is shown.

import { useEffect, useState, useSyncExternalStore, type ReactNode } from "react";
import { NavLink, useLocation, useNavigate } from "react-router-dom";
import type { Role } from "../api/client";
import { Button, Drawer, say, Select } from "../controls/controls";
import { EllipsisOutlined, LogoutOutlined, MenuOutlined } from "../controls/signs";
import { useWho } from "../session/session";
import { useWords } from "../theme/settings";
import { LookAs } from "./look_as";
import { homeOf, places, type Place } from "./places";
import { SettingsMenu } from "./settings_menu";

export function Brand() {
  const words = useWords();
  return (
    <span className="brand">
      <img src={`${import.meta.env.BASE_URL}seal.svg`} alt="" width={28} height={28} />
      <span className="brand-name">{words.shell.name}</span>
    </span>
  );
}

function Links({ of, onGo }: { of: Place[]; onGo?: () => void }) {
  const words = useWords();
  return (
    <ul className="links">
      {of.map((place) => (
        <li key={place.path}>
          <NavLink to={place.path} onClick={onGo}>
            <span aria-hidden>{place.icon}</span>
            {words.place[place.word]}
          </NavLink>
        </li>
      ))}
    </ul>
  );
}

function RolePick({ onPick }: { onPick?: () => void }) {
  const who = useWho();
  const words = useWords();
  const go = useNavigate();
  if (who.roles.length < 2) return <p className="role-is">{words.role[who.role]}</p>;
  return (
    <label className="role-pick">
      <span>{words.shell.looking_as}</span>
      <Select<Role>
        value={who.role}
        aria-label={words.shell.looking_as}
        options={who.roles.map((role) => ({ value: role, label: words.role[role] }))}
        onChange={(role) => {
          who.look({ role });
          go(homeOf[role]);
          onPick?.();
        }}
      />
    </label>
  );
}

function SignedIn() {
  const who = useWho();
  const words = useWords();
  if (who.open) return <p className="side-note">{words.shell.open_server}</p>;
  return (
    <div className="signed-in">
      <NavLink to="/account">{words.shell.signed_in(who.name ?? "")}</NavLink>
      <Button
        size="small"
        icon={<LogoutOutlined />}
        onClick={() => who.signOut().catch(() => say.error(words.state.problem.other.title))}
      >
        {words.shell.sign_out}
      </Button>
    </div>
  );
}

function subscribeOnline(changed: () => void) {
  addEventListener("online", changed);
  addEventListener("offline", changed);
  return () => {
    removeEventListener("online", changed);
    removeEventListener("offline", changed);
  };
}

function OfflineBar() {
  const words = useWords();
  const online = useSyncExternalStore(subscribeOnline, () => navigator.onLine);
  return (
    <div role="status" aria-live="assertive">
      {!online && <p className="offline-bar">{words.shell.offline}</p>}
    </div>
  );
}

const onPhone = 3;

export function Frame({ children }: { children: ReactNode }) {
  const who = useWho();
  const words = useWords();
  const { pathname } = useLocation();
  const [menu, setMenu] = useState(false);
  const mine = places.filter(
    (place) => !place.hidden && place.roles.includes(who.role) && !(place.accounts && who.open),
  );
  useEffect(() => {
    window.scrollTo(0, 0);
    document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
  }, [pathname]);
  const side = (close?: () => void) => (
    <>
      <RolePick onPick={close} />
      <LookAs />
      <nav aria-label={words.shell.pages}>
        <Links of={mine} onGo={close} />
      </nav>
      <div className="side-end">
        <SignedIn />
      </div>
    </>
  );
  return (
    <div className="frame">
      <a className="skip" href="#page">
        {words.shell.skip}
      </a>
      <header className="top">
        <Button
          type="text"
          className="menu-button"
          icon={<MenuOutlined />}
          aria-label={words.shell.menu}
          onClick={() => setMenu(true)}
        />
        <Brand />
        <SettingsMenu />
      </header>
      <aside className="side">{side()}</aside>
      <Drawer
        open={menu}
        onClose={() => setMenu(false)}
        placement="left"
        width={288}
        title={words.shell.menu}
        className="menu"
      >
        {side(() => setMenu(false))}
      </Drawer>
      <main id="page" className="main">
        <OfflineBar />
        {children}
      </main>
      <nav className="bottom" aria-label={words.shell.short_pages}>
        <Links of={mine.slice(0, onPhone)} />
        {mine.length > onPhone && (
          <button type="button" className="bottom-more" onClick={() => setMenu(true)}>
            <EllipsisOutlined />
            {words.shell.more}
          </button>
        )}
      </nav>
    </div>
  );
}
