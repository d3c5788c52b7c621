import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { api, asProblem, ask, type Schemas } from "../api/client";
import { Button, Input, InputNumber, Modal, say, Select } from "../controls/controls";
import { Count, Figure, Moment, Name, Share, WorkLink } from "../parts/figures";
import { Page, Panel } from "../parts/page";
import { Answer, Nothing } from "../parts/states";
import { useWho } from "../session/session";
import { exact, exactPercent } from "../show/numbers";
import { WithReason } from "../parts/with_reason";
import { useSettings } from "../theme/settings";
import { settings, signals } from "./experiment";
import "./matching.css";

function useFailure() {
  const { words } = useSettings();
  return (error: unknown) =>
    say.error(words.state.not_done + (asProblem(error).detail || words.state.problem.other.title));
}

// A share beside what the policy wants it to be at most.
function Against({ share, most }: { share: number; most: number }) {
  const { words, language } = useSettings();
  const t = words.matching;
  const kept = share <= most;
  const percent = (part: number) => `${Math.min(100, Math.max(0, part * 100))}%`;
  return (
    <>
      <span className="share-way against" aria-hidden>
        <i className="share-fill" style={{ width: percent(share) }} />
        <i className="share-base" style={{ left: percent(most) }} />
      </span>
      <span className={kept ? "step-done" : "problem"}>
        {(kept ? t.aim_kept : t.aim_missed)(exactPercent(most, language))}
      </span>
    </>
  );
}

function Fairness() {
  const { words } = useSettings();
  const t = words.matching;
  const asked = useQuery({ queryKey: ["status"], queryFn: () => ask(api.GET("/v1/status")), refetchInterval: 10_000 });
  const policy = useQuery({ queryKey: ["feed-policy"], queryFn: () => ask(api.GET("/v1/feed/policy")) });
  return (
    <Answer of={asked} rows={2}>
      {({ matching }) =>
        !matching ? (
          <Nothing title={t.off} />
        ) : (
          <div className="figures">
            <Figure
              name={t.top_share}
              note={
                policy.data ? <Against share={matching.top_share} most={policy.data.top_share_max} /> : t.top_share_why
              }
            >
              <Share value={matching.top_share} digits={2} />
            </Figure>
            <Figure name={t.gini} note={t.gini_why}>
              <Share value={matching.gini} digits={2} />
            </Figure>
            <Figure name={t.crowding} note={t.crowding_why}>
              <Count value={matching.crowding} full />
            </Figure>
            <Figure name={t.works}>
              <Count value={matching.works} />
            </Figure>
            <Figure name={t.people}>
              <Count value={matching.people} />
            </Figure>
          </div>
        )
      }
    </Answer>
  );
}

function EditPolicy({ of, onDone }: { of: Schemas["FeedPolicy"]; onDone: () => void }) {
  const { words } = useSettings();
  const t = words.matching;
  const failed = useFailure();
  const [open, setOpen] = useState(false);
  const [draft, setDraft] = useState(of);
  const [why, setWhy] = useState("");
  const send = async () => {
    try {
      await ask(api.PUT("/v1/feed/policy", { body: { ...draft, why } }));
      setOpen(false);
      onDone();
    } catch (error) {
      failed(error);
    }
  };
  return (
    <>
      <Button
        onClick={() => {
          setDraft(of);
          setWhy("");
          setOpen(true);
        }}
      >
        {t.change}
      </Button>
      <Modal
        open={open}
        title={t.policy}
        okText={t.change}
        cancelText={words.state.cancel}
        onCancel={() => setOpen(false)}
        onOk={() => void send()}
        okButtonProps={{ disabled: !why.trim() }}
      >
        <div className="policy">
          {signals.map((name) => (
            <label key={name} className="field">
              {words.feed.signal[name]}
              <InputNumber
                value={draft.worth[name]}
                step={0.1}
                aria-label={words.feed.signal[name]}
                onChange={(value) => setDraft({ ...draft, worth: { ...draft.worth, [name]: value ?? 0 } })}
              />
            </label>
          ))}
          {settings.map((name) => (
            <label key={name} className="field">
              {t.setting[name]}
              <InputNumber
                value={draft[name]}
                aria-label={t.setting[name]}
                onChange={(value) => setDraft({ ...draft, [name]: value ?? 0 })}
              />
            </label>
          ))}
        </div>
        <label className="field">
          {t.why}
          <Input value={why} maxLength={500} onChange={(event) => setWhy(event.target.value)} />
        </label>
      </Modal>
    </>
  );
}

function Policy() {
  const { words, language } = useSettings();
  const t = words.matching;
  const who = useWho();
  const asked = useQuery({ queryKey: ["feed-policy"], queryFn: () => ask(api.GET("/v1/feed/policy")) });
  return (
    <Panel
      title={t.policy}
      note={t.policy_why}
      actions={who.mayChange && asked.data && <EditPolicy of={asked.data} onDone={() => void asked.refetch()} />}
    >
      <Answer of={asked}>
        {(policy) => (
          <div className="columns">
            <table className="plain-table">
              <thead>
                <tr>
                  <th>{t.signal}</th>
                  <th className="number">{t.worth}</th>
                </tr>
              </thead>
              <tbody>
                {signals.map((name) => (
                  <tr key={name}>
                    <td>{words.feed.signal[name]}</td>
                    <td className="number">{exact(policy.worth[name], language)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            <table className="plain-table">
              <thead>
                <tr>
                  <th>{t.setting_name}</th>
                  <th className="number">{t.value}</th>
                </tr>
              </thead>
              <tbody>
                {settings.map((name) => (
                  <tr key={name}>
                    <td>{t.setting[name]}</td>
                    <td className="number">{exact(policy[name], language)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Answer>
    </Panel>
  );
}

const judged = ["click", "long_view", "like"] as const;

function ModelRow({ model, children }: { model: Schemas["FeedModels"]["models"][number]; children: ReactNode }) {
  const { words, language } = useSettings();
  const t = words.matching;
  return (
    <tr>
      <td>{model.version}</td>
      <td>
        {t.states[model.state]}
        {model.why && <span className="soft small"> · {model.why}</span>}
      </td>
      <td>
        <Moment at={model.made_at} />
      </td>
      <td className="number">
        <Count value={model.likes_and_long_views} /> · <Count value={model.showings} /> {t.showings[model.showings_are]}
      </td>
      {judged.map((name) => (
        <td key={name} className="number" title={`log loss ${exact(model.judged[name].log_loss, language)}`}>
          {model.judged[name].auc.toFixed(3)}
        </td>
      ))}
      <td>{children}</td>
    </tr>
  );
}

function ModelHead() {
  const { words } = useSettings();
  const t = words.matching;
  return (
    <thead>
      <tr>
        <th>{t.version}</th>
        <th>{t.state}</th>
        <th>{t.made}</th>
        <th className="number">{t.learnt_from}</th>
        {judged.map((name) => (
          <th key={name} className="number">
            {words.feed.signal[name]}
            <br />
            AUC
          </th>
        ))}
        <td />
      </tr>
    </thead>
  );
}

function Models() {
  const { words } = useSettings();
  const t = words.matching;
  const who = useWho();
  const client = useQueryClient();
  const failed = useFailure();
  const asked = useQuery({
    queryKey: ["feed-models"],
    queryFn: () => ask(api.GET("/v1/feed/models")),
    refetchInterval: 10_000,
  });
  const done = (data: Schemas["FeedModels"]) => client.setQueryData(["feed-models"], data);
  const serve = useMutation({
    mutationFn: (id: number) => ask(api.POST("/v1/feed/models/{id}/serve", { params: { path: { id: String(id) } } })),
    onSuccess: done,
    onError: failed,
  });
  const learn = useMutation({ mutationFn: () => ask(api.POST("/v1/feed/models")), onSuccess: done, onError: failed });
  return (
    <Panel
      title={t.models}
      note={t.models_why}
      actions={
        who.mayChange && (
          <Button loading={learn.isPending} onClick={() => learn.mutate()}>
            {t.learn}
          </Button>
        )
      }
    >
      <Answer of={asked}>
        {({ models, trouble }) => (
          <>
            {trouble && (
              <p className="problem" role="alert">
                {trouble}
              </p>
            )}
            {models.length === 0 ? (
              <Nothing title={t.no_model} />
            ) : (
              <div className="scroll-x" tabIndex={0} role="region" aria-label={t.models}>
                <table className="plain-table">
                  <ModelHead />
                  <tbody>
                    {models.map((model) => (
                      <ModelRow key={model.version} model={model}>
                        {who.mayChange && model.state === "kept" && (
                          <Button size="small" loading={serve.isPending} onClick={() => serve.mutate(model.version)}>
                            {t.serve}
                          </Button>
                        )}
                      </ModelRow>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
          </>
        )}
      </Answer>
    </Panel>
  );
}

const ruleKinds = ["pin", "boost", "block"] as const;

type RuleKind = (typeof ruleKinds)[number];

const emptyRule = { subject: "", creator: "", why: "", factor: 1.5, place: 1 };

interface RuleDraft {
  kind: RuleKind;
  setKind: (kind: RuleKind) => void;
  form: typeof emptyRule;
  setForm: (form: typeof emptyRule) => void;
}

function RuleFields({ kind, setKind, form, setForm }: RuleDraft) {
  const t = useSettings().words.matching;
  return (
    <>
      <label className="field">
        {t.kind}
        <Select
          value={kind}
          onChange={setKind}
          aria-label={t.kind}
          options={ruleKinds.map((value) => ({ value, label: t.kinds[value] }))}
        />
      </label>
      <label className="field">
        {t.subject}
        <Input value={form.subject} onChange={(event) => setForm({ ...form, subject: event.target.value })} />
      </label>
      {kind !== "pin" && (
        <label className="field">
          {t.creator}
          <Input value={form.creator} onChange={(event) => setForm({ ...form, creator: event.target.value })} />
        </label>
      )}
      {kind === "boost" && (
        <label className="field">
          {t.factor}
          <InputNumber
            value={form.factor}
            step={0.1}
            aria-label={t.factor}
            onChange={(value) => setForm({ ...form, factor: value ?? 1 })}
          />
        </label>
      )}
      {kind === "pin" && (
        <label className="field">
          {t.place}
          <InputNumber
            value={form.place}
            aria-label={t.place}
            onChange={(value) => setForm({ ...form, place: value ?? 1 })}
          />
        </label>
      )}
      <label className="field">
        {t.why}
        <Input value={form.why} maxLength={500} onChange={(event) => setForm({ ...form, why: event.target.value })} />
      </label>
    </>
  );
}

function NewRule({ onDone }: { onDone: () => void }) {
  const { words } = useSettings();
  const t = words.matching;
  const failed = useFailure();
  const [open, setOpen] = useState(false);
  const [kind, setKind] = useState<RuleKind>("boost");
  const [form, setForm] = useState(emptyRule);
  const send = async () => {
    try {
      await ask(
        api.POST("/v1/feed/rules", {
          body: {
            kind,
            why: form.why,
            ...(form.subject ? { subject: form.subject } : {}),
            ...(form.creator ? { creator: form.creator } : {}),
            ...(kind === "boost" ? { factor: form.factor } : {}),
            ...(kind === "pin" ? { place: form.place } : {}),
          },
        }),
      );
      setOpen(false);
      onDone();
    } catch (error) {
      failed(error);
    }
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t.new_rule}</Button>
      <Modal
        open={open}
        title={t.new_rule}
        okText={t.new_rule}
        cancelText={words.state.cancel}
        onCancel={() => setOpen(false)}
        onOk={() => void send()}
        okButtonProps={{ disabled: !form.why.trim() || (!form.subject && !form.creator) }}
      >
        <RuleFields kind={kind} setKind={setKind} form={form} setForm={setForm} />
      </Modal>
    </>
  );
}

function Rules() {
  const { words } = useSettings();
  const t = words.matching;
  const who = useWho();
  const asked = useQuery({ queryKey: ["feed-rules"], queryFn: () => ask(api.GET("/v1/feed/rules")) });
  return (
    <Panel
      title={t.rules}
      note={t.rules_why}
      actions={who.mayChange && <NewRule onDone={() => void asked.refetch()} />}
    >
      <Answer of={asked}>
        {({ rules }) =>
          rules.length === 0 ? (
            <p className="soft">{t.no_rules}</p>
          ) : (
            <ul className="plain">
              {rules.map((rule) => (
                <li key={rule.id} className="row line">
                  <strong>{t.kinds[rule.kind]}</strong>
                  <span className="grow">
                    {rule.subject !== null ? (
                      <WorkLink id={rule.subject} />
                    ) : (
                      rule.creator !== null && (
                        <>
                          @<Name of={rule.creator} />
                        </>
                      )
                    )}
                    {rule.factor !== undefined && rule.kind === "boost" && <> × {rule.factor}</>} · {rule.why}{" "}
                    <span className="soft">
                      · {rule.who} · <Moment at={rule.made_at} />
                    </span>
                  </span>
                  {rule.ended_at === null ? (
                    who.mayChange && (
                      <WithReason
                        label={t.end}
                        button={{ size: "small", "aria-label": `${t.end}: ${rule.why}` }}
                        send={(why) =>
                          ask(api.POST("/v1/feed/rules/{id}/end", { params: { path: { id: rule.id } }, body: { why } }))
                        }
                        onDone={() => void asked.refetch()}
                      />
                    )
                  ) : (
                    <span className="soft">
                      {t.ended} <Moment at={rule.ended_at} />
                    </span>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </Panel>
  );
}

export default function MatchingPage() {
  const { words } = useSettings();
  return (
    <Page title={words.place.matching} lead={words.matching.lead}>
      <Fairness />
      <Policy />
      <Models />
      <Rules />
    </Page>
  );
}
