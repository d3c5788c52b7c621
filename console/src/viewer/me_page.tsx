import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { api, asProblem, ask, type Schemas } from "../api/client";
import { Alert, Button, Input, Modal, say, Segmented, Switch } from "../controls/controls";
import { DeleteOutlined, DownloadOutlined } from "../controls/signs";
import { Moment, Name, WorkLink } from "../parts/figures";
import { Page, Panel } from "../parts/page";
import { Answer, Nothing } from "../parts/states";
import { useCatalogue } from "../audience/catalogue";
import { useWho } from "../session/session";
import { exact } from "../show/numbers";
import { useSettings, useWords } from "../theme/settings";
import "./viewer.css";
import { wishes, withConsent, type Interest } from "./wishes";

type Kind = "tag" | "creator";

function useInterests(user: string) {
  const path = { params: { path: { id: user } } };
  return useQuery({ queryKey: ["interests", user], queryFn: () => ask(api.GET("/v1/users/{id}/interests", path)) });
}

function useFailure() {
  const words = useWords();
  return (error: unknown) =>
    say.error(words.state.not_done + (asProblem(error).detail || words.state.problem.other.title));
}

// A bar from nothing to the strongest of the list; the exact sums stand in its title.
function Strength({ of, most }: { of: Interest; most: number }) {
  const { words, language } = useSettings();
  const t = words.me;
  const told = [
    t.shown(exact(of.shown, language)),
    t.long_views(exact(of.long_views, language)),
    t.likes(exact(of.likes, language)),
    t.against(exact(of.against, language)),
  ].join(" · ");
  return (
    <span className="bar-way" title={told} role="img" aria-label={told}>
      <i
        className="bar-fill"
        style={{ width: `${most > 0 ? Math.min(100, ((of.long_views + 2 * of.likes) / most) * 100) : 0}%` }}
      />
    </span>
  );
}

const firstShown = 8;

function Wishes({ user, kind, of, note }: { user: string; kind: Kind; of: Interest[]; note: string }) {
  const words = useWords();
  const t = words.me;
  const client = useQueryClient();
  const failed = useFailure();
  const [all, setAll] = useState(false);
  const tell = useMutation({
    mutationFn: ({ name, wish }: { name: string; wish: Schemas["Wish"]["wish"] }) =>
      ask(
        api.PUT("/v1/users/{id}/interests", {
          params: { path: { id: user } },
          body: kind === "tag" ? { tag: name, wish } : { creator: name, wish },
        }),
      ),
    onSuccess: (data) => client.setQueryData(["interests", user], data),
    onError: failed,
  });
  const most = Math.max(0, ...of.map((each) => each.long_views + 2 * each.likes));
  // What was wished is always in sight, so that it can be taken back.
  const shown = all ? of : of.filter((each, place) => place < firstShown || each.wish !== "none");
  if (of.length === 0) return <Nothing title={t.nothing_yet}>{t.nothing_yet_why}</Nothing>;
  return (
    <>
      <p className="panel-note">{note}</p>
      <ul className="plain wishes">
        {shown.map((each) => (
          <li key={each.name}>
            <span className="wish-name">
              {kind === "tag" ? (
                `#${each.name}`
              ) : (
                <>
                  @<Name of={each.name} />
                </>
              )}
            </span>
            <Strength of={each} most={most} />
            <Segmented
              size="small"
              value={each.wish}
              disabled={tell.isPending}
              aria-label={t.wish_for(each.name)}
              options={wishes.map((wish) => ({ value: wish, label: t.wish[wish] }))}
              onChange={(wish) => tell.mutate({ name: each.name, wish })}
            />
          </li>
        ))}
      </ul>
      {of.length > shown.length && (
        <Button type="link" onClick={() => setAll(true)}>
          {t.all_of(of.length)}
        </Button>
      )}
    </>
  );
}

function AddWish({ user }: { user: string }) {
  const t = useWords().me;
  const client = useQueryClient();
  const failed = useFailure();
  const [tag, setTag] = useState("");
  const add = async (wish: "more" | "never") => {
    try {
      const data = await ask(
        api.PUT("/v1/users/{id}/interests", { params: { path: { id: user } }, body: { tag: tag.trim(), wish } }),
      );
      client.setQueryData(["interests", user], data);
      setTag("");
    } catch (error) {
      failed(error);
    }
  };
  return (
    <div className="line">
      <Input
        className="add-wish"
        value={tag}
        maxLength={64}
        placeholder={t.add_tag}
        aria-label={t.add_tag}
        onChange={(event) => setTag(event.target.value)}
      />
      <Button disabled={!tag.trim()} onClick={() => void add("more")}>
        {t.wish.more}
      </Button>
      <Button disabled={!tag.trim()} onClick={() => void add("never")}>
        {t.wish.never}
      </Button>
    </div>
  );
}

// The person's own no, kept with their attributes; the server replaces those as a whole, so all are sent again.
function Personalisation({ user, on }: { user: string; on: boolean }) {
  const t = useWords().me;
  const client = useQueryClient();
  const failed = useFailure();
  const change = useMutation({
    mutationFn: async (yes: boolean) => {
      const path = { id: user };
      const found = await ask(api.GET("/v1/users/{id}", { params: { path } })).catch((error: unknown) => {
        if (asProblem(error).status === 404) return {};
        throw error;
      });
      await ask(api.PUT("/v1/users/{id}", { params: { path }, body: withConsent(found, "personalisation", yes) }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["interests", user] }),
    onError: failed,
  });
  return (
    <label className="switch-line">
      <Switch
        checked={on}
        loading={change.isPending}
        onChange={(yes) => change.mutate(yes)}
        aria-label={t.personalised}
      />
      <span>
        <strong>{t.personalised}</strong>
        <br />
        <span className="soft">{on ? t.personalised_on : t.personalised_off}</span>
      </span>
    </label>
  );
}

function Tags({ user }: { user: string }) {
  const { words, language } = useSettings();
  const t = words.me;
  const asked = useQuery({
    queryKey: ["person-tags", user],
    queryFn: () => ask(api.GET("/v1/users/{id}/tags", { params: { path: { id: user } } })),
  });
  const catalogue = useCatalogue();
  const named = (tag: string, value: string) =>
    catalogue.data?.tags.find((each) => each.tag === tag)?.values?.find((each) => each.value === value)?.[language] ??
    value;
  const value = (tag: Schemas["PersonTags"]["tags"][number]): ReactNode => {
    if (tag.values) return tag.values.map((name) => named(tag.tag, name)).join(language === "zh" ? "、" : ", ");
    if (tag.number !== undefined) return exact(tag.number, language);
    return tag.day ? <Moment at={tag.day} form="day" /> : t.yes;
  };
  return (
    <Answer of={asked}>
      {({ tags }) =>
        tags.length === 0 ? (
          <Nothing title={t.no_tags} />
        ) : (
          <ul className="plain">
            {tags.map((tag) => (
              <li key={tag.tag} className="row">
                <div className="line">
                  <strong className="grow">{tag[language]}</strong>
                  <span>{value(tag)}</span>
                </div>
                <p className="soft small">
                  {t.source[tag.source as keyof typeof t.source] ?? tag.source}: {tag.how[language]}
                </p>
              </li>
            ))}
          </ul>
        )
      }
    </Answer>
  );
}

function Rights({ user }: { user: string }) {
  const words = useWords();
  const t = words.me;
  const failed = useFailure();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [typed, setTyped] = useState("");
  const exportAll = async () => {
    try {
      const data = await ask(api.GET("/v1/users/{id}/export", { params: { path: { id: user } } }));
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: "application/json" }));
      link.download = `zhenzan-${user}.json`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href));
    } catch (error) {
      failed(error);
    }
  };
  const erase = async () => {
    try {
      await ask(api.DELETE("/v1/users/{id}", { params: { path: { id: user } } }));
      setAsking(false);
      say.success(t.erased);
      await client.invalidateQueries();
    } catch (error) {
      failed(error);
    }
  };
  return (
    <>
      <p className="panel-note">{t.rights_why}</p>
      <div className="line">
        <Button icon={<DownloadOutlined />} onClick={() => void exportAll()}>
          {t.export}
        </Button>
        <Button danger icon={<DeleteOutlined />} onClick={() => setAsking(true)}>
          {t.erase}
        </Button>
      </div>
      <Modal
        open={asking}
        onCancel={() => setAsking(false)}
        onOk={() => void erase()}
        title={t.erase}
        okText={t.erase}
        okButtonProps={{ danger: true, disabled: typed !== user }}
        cancelText={words.state.cancel}
      >
        <p>{t.erase_why}</p>
        <label>
          {t.erase_type(user)}
          <Input value={typed} onChange={(event) => setTyped(event.target.value)} />
        </label>
      </Modal>
    </>
  );
}

function Me({ user }: { user: string }) {
  const words = useWords();
  const t = words.me;
  const asked = useInterests(user);
  return (
    <Page title={words.place.me} lead={t.lead}>
      <Answer of={asked} rows={10}>
        {(data) => (
          <>
            {data.minor && <Alert className="gap" type="info" message={t.minor} description={t.minor_why} />}
            <Panel>
              <Personalisation user={user} on={data.personalised} />
            </Panel>
            <div className="columns">
              <Panel title={t.topics}>
                <Wishes user={user} kind="tag" of={data.tags} note={t.topics_why} />
                <AddWish user={user} />
              </Panel>
              <Panel title={t.creators}>
                <Wishes user={user} kind="creator" of={data.creators} note={t.creators_why} />
              </Panel>
            </div>
            <Panel title={t.took_to} note={t.took_to_why}>
              {data.took_to.length === 0 ? (
                <p className="soft">{t.nothing_yet}</p>
              ) : (
                <p className="names">
                  {data.took_to.slice(-60).map((id) => (
                    <WorkLink key={id} id={id} />
                  ))}
                </p>
              )}
            </Panel>
          </>
        )}
      </Answer>
      <Panel title={t.tags} note={t.tags_why}>
        <Tags user={user} />
      </Panel>
      <Panel title={t.rights}>
        <Rights user={user} />
      </Panel>
    </Page>
  );
}

export default function MePage() {
  const who = useWho();
  const words = useWords();
  if (!who.user)
    return (
      <Page title={words.place.me}>
        <Nothing title={words.feed.nobody}>{words.feed.nobody_why}</Nothing>
      </Page>
    );
  return <Me key={who.user} user={who.user} />;
}
