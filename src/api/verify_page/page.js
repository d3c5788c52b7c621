// The page around verify.js: takes a receipt and keys, shows what was found.

import { Refusal, Unable, formatTime, fromBase64, parseVkey, requireCrypto, steps, toBase64, toHex, utf8, verifyReceipt } from "./verify.js";
import { words } from "./words.js";

const state = {
  language: (navigator.languages ?? [navigator.language]).some((l) => /^zh/i.test(l)) ? "zh" : "en",
  serverKeys: null,  // null: not asked yet
  readerKeys: null,  // null: none pasted
  bytes: null,
  report: null,
  unable: null,
};

const byId = (id) => document.getElementById(id);
const main = document.querySelector("main");
const say = () => words[state.language];
// Once the reader has given a key, none of the server's counts: not even when the reader's cannot be read.
const keys = () => state.readerKeys ?? state.serverKeys ?? [];

// el("p", "small problem", child, ...): texts are never read as HTML.
function el(tag, classes, ...children) {
  const element = document.createElement(tag);
  if (classes) element.className = classes;
  element.append(...children.flat(2).filter((child) => child !== null));
  return element;
}

// What a stranger wrote: control characters and those that turn the reading direction are shown, not obeyed.
function foreign(text, tag = "b") {
  const shown = text.replace(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
    (c) => `\\u{${c.codePointAt(0).toString(16)}}`);
  const element = el(tag, "", shown);
  element.dir = "auto";
  return tag === "bdi" ? element : el("bdi", "", element);
}

const hash = (bytes) => el("span", "hash", toHex(bytes));

// ---- what the receipt says ------------------------------------------------------------------------------------------

// A verdict without a subject is about a follow.
const isFollow = (event) =>
  event.type === "follow" || event.type === "unfollow" || (event.type === "verdict" && event.subject === "");

function sentence(receipt) {
  const { event, identity } = receipt;
  const who = identity ? foreign(identity.user) : say().somebody;
  const follow = isFollow(event);
  const what = follow ? event.creator || event.subject : event.subject || event.creator;
  return el("p", "sentence", say().sentence[event.type](who, foreign(what)));
}

function time(at) {
  const date = new Date(Number(at / 1000n));
  const local = date.toLocaleString(state.language === "zh" ? "zh-CN" : "en-GB", { dateStyle: "long", timeStyle: "long" });
  return [el("span", "moment", formatTime(at)), el("span", "aside", say().local(local))];
}

function replacedText(event) {
  const { replaced, replaced_follow, replaced_incentivised } = say();
  const follow = isFollow(event);
  const word = follow && event.replaced === "liked" ? replaced_follow : replaced[event.replaced];
  return word + (event.replaced_incentivised ? replaced_incentivised : "");
}

function facts(report) {
  const { event, identity, index } = report.receipt;
  const t = say();
  const rows = [
    ["type", [t.type[event.type], " · ", event.incentivised ? t.incentivised : t.organic]],
    ["subject", event.subject && foreign(event.subject, "bdi")],
    ["creator", event.creator && foreign(event.creator, "bdi")],
    identity ? ["user", [foreign(identity.user, "bdi"), report.state === "proven" ? el("span", "aside", t.user_why) : null]] :
      ["pseudonym", [hash(event.actor), el("span", "aside", t.pseudonym_why)]],
    ["at", time(event.at)],
    ["received", time(event.received)],
    ["counts", event.changed ? t.changed : t.superseded],
    ["replaced", replacedText(event)],
    ["verdict", t.verdict[event.verdict]],
    ["region", event.region && foreign(event.region, "bdi")],
    ["surface", event.surface && foreign(event.surface, "bdi")],
    ["text", event.text_hash && [hash(event.text_hash), el("span", "aside", t.text_why)]],
    ["number", String(event.number)],
    ["log", report.checkpoint && foreign(report.checkpoint.origin, "bdi")],
    ["entry", report.checkpoint && t.entry(index, report.checkpoint.size)],
  ];
  const list = el("dl", "facts");
  for (const [name, value] of rows) {
    if (!value) continue;
    const fact = el("dd", "", value);
    fact.dataset.fact = name;
    list.append(el("dt", "", t.fact[name]), fact);
  }
  return list;
}

// ---- what was checked -----------------------------------------------------------------------------------------------

function reasonText(refusal) {
  return (say().reason[refusal.code] ?? say().reason.member)(refusal.details);
}

const fingerprint = (key) => `${key.name} +${key.id}`;

function stepLine(step, report) {
  const t = say();
  const name = step === "person" && report.receipt && !report.receipt.identity ? "person_none" : step;
  const line = el("li", "", el("span", "", t.step[name]));
  const aside = (text) => line.lastChild.append(el("span", "aside", text));
  if (step === report.failed) {
    line.className = "failed";
    aside(reasonText(report.refusal));
  } else if (!report.done.includes(step)) {
    line.className = "waiting";
    aside(t.not_reached);
  } else if (step === "signature") {
    for (const key of report.signers) aside(t.signed_by(fingerprint(key)));
    if (report.unknown > 0) aside(t.more_lines(report.unknown));
  }
  return line;
}

function way(report) {
  const t = say();
  const list = el("ol", "way", el("li", "", el("span", "label", t.leaf), hash(report.leaf)));
  for (const { side, sibling, hash: result } of report.way) {
    list.append(el("li", "", el("span", "label", t[side]), hash(sibling), el("span", "label", t.gives), hash(result)));
  }
  const computed = hash(report.root);
  computed.id = "root";
  list.append(el("li", "root", el("span", "label", t.root), computed,
    el("span", "label", t.signed_root), hash(report.checkpoint.root)));
  const holds = report.state === "proven";
  return el("details", holds ? "" : "refused-way", el("summary", "", t.way_title(report.way.length)),
    el("p", "small", t.way_why), list);
}

function hashedBytes(report) {
  const t = say();
  const part = (title, text) => [el("span", "label", title), el("pre", "", text)];
  return el("details", "", el("summary", "", t.bytes_title),
    part(t.canonical, toHex(report.canonical)), part(t.opening, toHex(report.receipt.opening)),
    part(t.commitment, toHex(report.commitment)), part(t.entry_bytes, toHex(report.entry)),
    part(t.checkpoint, report.receipt.checkpoint));
}

function copyLink() {
  const button = el("button", "button quiet", say().copy_link);
  button.type = "button";
  const answer = el("span", "small", "");
  button.addEventListener("click", async () => {
    const fragment = toBase64(state.bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    const link = `${location.origin}${location.pathname}#receipt=${fragment}`;
    try {
      await navigator.clipboard.writeText(link);
      answer.textContent = say().copied;
    } catch {
      answer.textContent = say().not_copied;
    }
  });
  return el("p", "links", button, answer);
}

function verdictCard(kind, mark, title, text) {
  const sign = el("span", "mark", mark);
  sign.setAttribute("aria-hidden", "true");
  return el("section", `card result ${kind}`, el("div", "verdict", sign, el("div", "", el("h2", "", title), el("p", "", text))));
}

function resultCards(report) {
  const t = say();
  const proven = report.state === "proven";
  const { receipt, checkpoint } = report;
  const text = proven ? t.proven_words(receipt.index, checkpoint.size) : reasonText(report.refusal);
  const cards = [verdictCard(report.state, proven ? "✓" : "✕", proven ? t.proven : t.refused, text)];
  if (receipt) {
    cards.push(el("section", "card", proven ? null : el("p", "claimed", t.claimed), sentence(receipt), facts(report)));
  }
  const checked = el("section", "card", el("h2", "", t.steps_title),
    el("ol", "steps", steps.map((step) => stepLine(step, report))));
  if (report.root) checked.append(way(report));
  if (report.canonical) checked.append(hashedBytes(report));
  if (proven) checked.append(copyLink());
  cards.push(checked);
  return cards;
}

// ---- drawing --------------------------------------------------------------------------------------------------------

function drawWords() {
  const t = say();
  document.documentElement.lang = state.language === "zh" ? "zh-CN" : "en";
  document.title = `${t.title} · Zhenzan 真赞`;
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = t[element.dataset.word];
  for (const element of document.querySelectorAll("[data-word-placeholder]")) element.placeholder = t[element.dataset.wordPlaceholder];
  for (const element of document.querySelectorAll("[data-word-label]")) element.setAttribute("aria-label", t[element.dataset.wordLabel]);
  for (const button of document.querySelectorAll("[data-language]"))
    button.setAttribute("aria-pressed", String(button.dataset.language === state.language));
}

function drawKeys() {
  const t = say();
  const source = state.readerKeys ? t.key_of_reader : t.key_of_server;
  const lines = keys().map((key) => el("p", state.report?.signers?.includes(key) ? "key used" : "key",
    el("b", "", foreign(key.name, "bdi")), el("span", "label", source), el("span", "hash", key.vkey)));
  if (lines.length === 0) lines.push(el("p", "small", keys() === state.serverKeys || state.readerKeys ? t.key_missing : t.key_loading));
  byId("keys").replaceChildren(...lines);
}

function draw() {
  drawWords();
  drawKeys();
  const { report, unable } = state;
  main.dataset.state = unable ? "unable" : report ? report.state : state.bytes ? "checking" : "waiting";
  main.dataset.reason = unable ?? report?.refusal?.code ?? "";
  main.dataset.field = report?.refusal?.details.field ?? "";
  const problem = byId("unable");
  problem.hidden = !unable;
  if (unable) {
    const card = verdictCard("unable", "!", say().unable, say().unable_reason[unable]);
    problem.className = card.className;
    problem.replaceChildren(...card.childNodes);
  }
  byId("input").classList.toggle("compact", Boolean(report));
  byId("again").hidden = !report;
  byId("result").replaceChildren(...(report ? resultCards(report) : state.bytes && !unable ? [el("p", "lead", say().checking)] : []));
}

// ---- doing ----------------------------------------------------------------------------------------------------------

let checks = 0;
let keysRead = Promise.resolve();  // of all that were asked for so far: nothing is checked under a key that is on its way out

function readKeys(read) {
  keysRead = keysRead.then(read);
  return check();
}

async function check() {
  const mine = ++checks;
  state.report = null;
  draw();
  await keysRead;
  if (mine !== checks) return;
  draw();
  if (!state.bytes || state.unable) return;
  try {
    const report = await verifyReceipt(state.bytes, keys());
    if (report.refusal?.code === "no_known_key" && keys().length === 0) report.refusal = new Refusal("no_keys");
    if (mine !== checks) return;
    state.report = report;
  } catch (error) {
    if (!(error instanceof Unable)) throw error;
    state.unable = error.code;
  }
  draw();
}

function take(bytes) {
  state.bytes = bytes && bytes.length > 0 ? bytes : null;
  return check();
}

async function takeFile(file) {
  if (file) await take(new Uint8Array(await file.arrayBuffer()));
}

function takeFragment() {
  const found = /^#receipt=([A-Za-z0-9_-]+)$/.exec(location.hash);
  if (!found) return;
  const text = found[1].replaceAll("-", "+").replaceAll("_", "/");
  take(fromBase64(text.padEnd(Math.ceil(text.length / 4) * 4, "=")) ?? utf8(found[1]));
}

const linesOf = (text) => text.split("\n").map((line) => line.trim()).filter((line) => line !== "");

async function loadServerKeys() {
  let text = "";
  try {
    const answer = await fetch("/log/log.vkey", { cache: "no-store", signal: AbortSignal.timeout(15_000) });
    if (answer.ok) text = await answer.text();
  } catch {
    // As when it has none.
  }
  // A key of another kind than is spoken here is left out.
  const parsed = await Promise.allSettled(linesOf(text).map(parseVkey));
  state.serverKeys = parsed.filter((key) => key.status === "fulfilled").map((key) => key.value);
}

async function takeReaderKeys() {
  const problem = byId("vkeys_problem");
  const lines = linesOf(byId("vkeys").value);
  problem.hidden = true;
  try {
    state.readerKeys = lines.length > 0 ? await Promise.all(lines.map(parseVkey)) : null;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    state.readerKeys = [];
    problem.hidden = false;
    problem.textContent = reasonText(error);
  }
}

function listen() {
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => {
      state.language = button.dataset.language;
      draw();
    });
  }
  byId("file").addEventListener("change", (event) => takeFile(event.target.files[0]));
  byId("text").addEventListener("input", (event) => take(utf8(event.target.value)));
  byId("vkeys").addEventListener("input", () => readKeys(takeReaderKeys));
  byId("again").addEventListener("click", () => {
    byId("text").value = "";
    byId("file").value = "";
    history.replaceState(null, "", location.pathname);
    take(null);
  });
  document.addEventListener("paste", (event) => {
    if (event.target instanceof HTMLTextAreaElement) return;
    const file = event.clipboardData.files[0];
    if (file) takeFile(file);
    else take(utf8(event.clipboardData.getData("text/plain")));
  });
  const drop = byId("input");
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  document.addEventListener("dragleave", () => drop.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    const file = event.dataTransfer.files[0];
    if (file) takeFile(file);
    else take(utf8(event.dataTransfer.getData("text/plain")));
  });
  addEventListener("hashchange", takeFragment);
}

async function prepare() {
  try {
    await requireCrypto();
  } catch (error) {
    if (!(error instanceof Unable)) throw error;
    state.unable = error.code;
    state.serverKeys = [];
    return;
  }
  await loadServerKeys();
}

listen();
readKeys(prepare);
takeFragment();
