// Checks a receipt: docs/formats/evidence.md and docs/formats/log.md, done again in the reader's browser.
// No DOM and no network here. Everything that is refused throws a Refusal with a code that words.js has words for.

export class Refusal extends Error {
  constructor(code, details = {}) {
    super(code + (details.field ? ` (${details.field})` : ""));
    this.code = code;
    this.details = details;
  }
}

// The browser cannot do it: says nothing about the receipt.
export class Unable extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

const receiptBytesMax = 1 << 20;
const noteBytesMax = 512 * 1024;
const signaturesMax = 100;
const proofHashesMax = 63;
const nameBytesMax = 256;
const timeMax = 4_500_000_000_000_000n;
const sizeMax = (1n << 63n) - 1n;

const typeNumbers = { like: 1, unlike: 2, dislike: 3, comment: 6, follow: 7, unfollow: 8, verdict: 32 };
const replacedWords = ["nothing", "liked", "disliked", "withdrawn"];
const verdictWords = ["unjudged", "genuine", "held", "rejected"];

// ---- bytes ----------------------------------------------------------------------------------------------------------

const encoder = new TextEncoder();
export const utf8 = (text) => encoder.encode(text);

export function decodeUtf8(bytes, field) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal("not_utf8", { field });
  }
}

export const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export const fromHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

export function toBase64(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

// One way to write each; null for all others.
export function fromBase64(text) {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return null;
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  return toBase64(bytes) === text ? bytes : null;
}

function hashFromBase64(text) {
  const bytes = fromBase64(text);
  return bytes?.length === 32 ? bytes : null;
}

const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

function join(...parts) {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function bigEndian(value, size) {
  const bytes = new Uint8Array(size);
  let rest = BigInt(value);
  for (let i = size - 1; i >= 0; --i, rest >>= 8n) bytes[i] = Number(rest & 255n);
  return bytes;
}

// ---- JSON -----------------------------------------------------------------------------------------------------------
// JSON.parse rounds numbers beyond 2^53 and takes the last of two members of one name. This one does neither: whole
// numbers are BigInt, objects are Map.

class JsonReader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  fail() {
    throw new Refusal("not_json", { position: this.at });
  }
  space() {
    while (" \t\n\r".includes(this.text[this.at] ?? "x")) ++this.at;
  }
  take(wanted) {
    if (!this.text.startsWith(wanted, this.at)) this.fail();
    this.at += wanted.length;
  }
  takes(wanted) {
    if (!this.text.startsWith(wanted, this.at)) return false;
    this.at += wanted.length;
    return true;
  }
  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found) this.fail();
    this.at += found[0].length;
    return found[0];
  }

  document() {
    const value = this.value(0);
    if (this.at !== this.text.length) this.fail();
    return value;
  }
  value(depth) {
    if (depth > 16) this.fail();
    this.space();
    const value = this.bare(depth);
    this.space();
    return value;
  }
  bare(depth) {
    const first = this.text[this.at];
    if (first === "{") return this.object(depth);
    if (first === "[") return this.array(depth);
    if (first === '"') return this.string();
    for (const [word, value] of [["true", true], ["false", false], ["null", null]]) {
      if (this.takes(word)) return value;
    }
    const number = this.match(/-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y);
    return /^-?[0-9]+$/.test(number) ? BigInt(number) : Number(number);
  }
  string() {
    const quoted = this.match(/"(?:[^"\\\u0000-\u001f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"/y);
    const text = JSON.parse(quoted);
    if (/\p{Surrogate}/u.test(text)) this.fail();
    return text;
  }
  array(depth) {
    const values = [];
    this.take("[");
    this.space();
    if (this.takes("]")) return values;
    do values.push(this.value(depth + 1));
    while (this.takes(","));
    this.take("]");
    return values;
  }
  object(depth) {
    const members = new Map();
    this.take("{");
    this.space();
    if (this.takes("}")) return members;
    do {
      this.space();
      const name = this.string();
      this.space();
      this.take(":");
      if (members.has(name)) throw new Refusal("members", { field: name });
      members.set(name, this.value(depth + 1));
    } while (this.takes(","));
    this.take("}");
    return members;
  }
}

export const parseJson = (text) => new JsonReader(text).document();

// ---- the receipt as JSON --------------------------------------------------------------------------------------------

class Members {
  constructor(value, path, names) {
    if (!(value instanceof Map)) throw new Refusal("member", { field: path });
    this.path = path;
    this.map = value;
    for (const name of names) if (!value.has(name)) throw new Refusal("members", { field: this.field(name) });
    for (const name of value.keys()) if (!names.includes(name)) throw new Refusal("members", { field: this.field(name) });
  }

  field(name) {
    return this.path ? `${this.path}.${name}` : name;
  }
  refuse(name) {
    throw new Refusal("member", { field: this.field(name) });
  }
  get(name) {
    return this.map.get(name);
  }
  text(name) {
    const value = this.get(name);
    return typeof value === "string" ? value : this.refuse(name);
  }
  name(name) {
    const text = this.text(name);
    return utf8(text).length <= nameBytesMax ? text : this.refuse(name);
  }
  number(name, max) {
    const value = this.get(name);
    return typeof value === "bigint" && value >= 0n && value <= max ? value : this.refuse(name);
  }
  flag(name) {
    const value = this.get(name);
    return typeof value === "boolean" ? value : this.refuse(name);
  }
  hash(name) {
    return hashFromBase64(this.text(name)) ?? this.refuse(name);
  }
  time(name) {
    return parseTime(this.text(name)) ?? this.refuse(name);
  }
  word(name, words) {
    const text = this.text(name);
    return words.includes(text) ? text : this.refuse(name);
  }
}

// Microseconds since 1970 as BigInt.
function parseTime(text) {
  const found = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})\.([0-9]{3})([0-9]{3})?Z$/.exec(text);
  if (!found) return null;
  const [year, month, day, hour, minute, second, ms] = found.slice(1, 8).map(Number);
  const at = BigInt(Date.UTC(year, month - 1, day, hour, minute, second, ms)) * 1000n + BigInt(found[8] ?? 0);
  return at >= 0n && at <= timeMax && formatTime(at) === text ? at : null;
}

export function formatTime(at) {
  const text = new Date(Number(at / 1000n)).toISOString();
  return at % 1000n === 0n ? text : text.replace("Z", String(at % 1000n).padStart(3, "0") + "Z");
}

const eventNames = [
  "type", "version", "number", "at", "received", "incentivised", "changed", "replaced", "replaced_incentivised",
  "verdict", "actor", "subject", "creator", "region", "surface", "text_sha256",
];

export function readEvent(value) {
  const from = new Members(value, "event", eventNames);
  const event = { type: from.word("type", Object.keys(typeNumbers)) };
  if (from.number("version", sizeMax) !== 1n) from.refuse("version");
  event.number = from.number("number", (1n << 64n) - 1n);
  event.at = from.time("at");
  event.received = from.time("received");
  event.incentivised = from.flag("incentivised");
  event.changed = from.flag("changed");
  event.replaced = from.word("replaced", replacedWords);
  event.replaced_incentivised = from.flag("replaced_incentivised");
  event.verdict = from.word("verdict", verdictWords);
  event.actor = from.hash("actor");
  for (const name of ["subject", "creator", "region", "surface"]) event[name] = from.name(name);
  event.text_hash = from.get("text_sha256") === null ? null : from.hash("text_sha256");
  return event;
}

function readReceiptJson(text) {
  const names = ["format", "event", "opening", "identity", "index", "proof", "checkpoint"];
  const from = new Members(parseJson(text), "", names);
  if (from.text("format") !== "zhenzan-receipt/1") from.refuse("format");
  const receipt = { form: "json", event: readEvent(from.get("event")), opening: from.hash("opening"), identity: null };
  if (from.get("identity") !== null) {
    const identity = new Members(from.get("identity"), "identity", ["user", "key"]);
    receipt.identity = { user: identity.name("user"), key: identity.hash("key") };
    if (receipt.identity.user === "") identity.refuse("user");
  }
  receipt.index = from.number("index", sizeMax);
  const proof = from.get("proof");
  if (!Array.isArray(proof) || proof.length > proofHashesMax) from.refuse("proof");
  receipt.proof = proof.map((hash) => (typeof hash === "string" && hashFromBase64(hash)) || from.refuse("proof"));
  receipt.checkpoint = from.text("checkpoint");
  return receipt;
}

// ---- the receipt as .tlog-proof -------------------------------------------------------------------------------------

class ByteReader {
  constructor(bytes, field) {
    this.bytes = bytes;
    this.field = field;
    this.at = 0;
  }
  take(size) {
    if (this.bytes.length - this.at < size) throw new Refusal("too_short", { field: this.field });
    this.at += size;
    return this.bytes.slice(this.at - size, this.at);
  }
  number(size) {
    return this.take(size).reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  }
  name(field) {
    const size = Number(this.number(2));
    if (size > nameBytesMax) throw new Refusal("member", { field });
    return decodeUtf8(this.take(size), field);
  }
  done() {
    if (this.at !== this.bytes.length) throw new Refusal("too_long", { field: this.field });
  }
}

// The canonical form of an event.
export function parseEvent(bytes) {
  const from = new ByteReader(bytes, "event");
  const check = (holds, field) => {
    if (!holds) throw new Refusal("member", { field: "event." + field });
  };
  const type = Number(from.number(1));
  const event = { type: Object.keys(typeNumbers).find((word) => typeNumbers[word] === type) };
  check(event.type, "type");
  check(from.number(1) === 1n, "version");
  event.number = from.number(8);
  event.at = from.number(8);
  event.received = from.number(8);
  const flags = Number(from.number(1));
  event.replaced = replacedWords[Number(from.number(1))];
  event.verdict = verdictWords[Number(from.number(1))];
  event.actor = from.take(32);
  check(event.at <= timeMax, "at");
  check(event.received <= timeMax, "received");
  check(flags < 16, "flags");
  check(event.replaced, "replaced");
  check(event.verdict, "verdict");
  event.incentivised = (flags & 1) !== 0;
  event.changed = (flags & 2) !== 0;
  event.replaced_incentivised = (flags & 4) !== 0;
  for (const name of ["subject", "creator", "region", "surface"]) event[name] = from.name("event." + name);
  event.text_hash = (flags & 8) !== 0 ? from.take(32) : null;
  from.done();
  return event;
}

function readExtra(bytes, receipt) {
  const from = new ByteReader(bytes, "extra");
  if (from.number(1) !== 1n) throw new Refusal("member", { field: "extra" });
  receipt.opening = from.take(32);
  const user = from.name("extra");
  receipt.identity = user === "" ? null : { user, key: from.take(32) };
  receipt.event = parseEvent(bytes.slice(from.at));
}

// Lines that all end; the rest of the text is left in `rest`.
class LineReader {
  constructor(text) {
    this.rest = text;
  }
  next() {
    const end = this.rest.indexOf("\n");
    if (end < 0) return null;
    const line = this.rest.slice(0, end);
    this.rest = this.rest.slice(end + 1);
    return line;
  }
}

function parseSize(text) {
  if (!/^(?:0|[1-9][0-9]*)$/.test(text) || text.length > 19) return null;
  return BigInt(text) <= sizeMax ? BigInt(text) : null;
}

function readReceiptProof(text) {
  const lines = new LineReader(text);
  if (lines.next() !== "c2sp.org/tlog-proof@v1") throw new Refusal("not_a_receipt");
  const extra = lines.next();
  if (!extra?.startsWith("extra ")) throw new Refusal("no_extra");
  const receipt = { form: "proof" };
  readExtra(fromBase64(extra.slice(6)) ?? refuseMember("extra"), receipt);
  const index = lines.next();
  receipt.index = (index?.startsWith("index ") ? parseSize(index.slice(6)) : null) ?? refuseMember("index");
  receipt.proof = [];
  for (let line = lines.next(); line !== ""; line = lines.next()) {
    const hash = line === null ? null : hashFromBase64(line);
    if (!hash || receipt.proof.length === proofHashesMax) refuseMember("proof");
    receipt.proof.push(hash);
  }
  receipt.checkpoint = lines.rest;
  return receipt;
}

function refuseMember(field) {
  throw new Refusal("member", { field });
}

// Bytes of either form.
export function parseReceipt(bytes) {
  if (bytes.length > receiptBytesMax) throw new Refusal("too_big");
  const text = decodeUtf8(bytes, "");
  if (/^[ \t\r\n]*\{/.test(text)) return readReceiptJson(text);
  return readReceiptProof(text);
}

// ---- hashes ---------------------------------------------------------------------------------------------------------

export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

export async function hmac(key, bytes) {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", key, algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, bytes));
}

export function canonicalEvent(event) {
  const flags = (event.incentivised ? 1 : 0) | (event.changed ? 2 : 0) | (event.replaced_incentivised ? 4 : 0) |
    (event.text_hash ? 8 : 0);
  const names = ["subject", "creator", "region", "surface"].map((name) => {
    const bytes = utf8(event[name]);
    return join(bigEndian(bytes.length, 2), bytes);
  });
  return join(
    Uint8Array.of(typeNumbers[event.type], 1), bigEndian(event.number, 8), bigEndian(event.at, 8),
    bigEndian(event.received, 8),
    Uint8Array.of(flags, replacedWords.indexOf(event.replaced), verdictWords.indexOf(event.verdict)), event.actor,
    ...names, event.text_hash ?? new Uint8Array());
}

export async function entryOf(event, opening) {
  const canonical = canonicalEvent(event);
  const commitment = await hmac(opening, canonical);
  const entry = join(canonical.slice(0, 2), commitment);
  return { canonical, commitment, entry, leaf: await sha256(join(Uint8Array.of(0), entry)) };
}

const nodeHash = (left, right) => sha256(join(Uint8Array.of(1), left, right));

const bitsOf = (value) => (value === 0n ? 0 : value.toString(2).length);
const onesOf = (value) => value.toString(2).replaceAll("0", "").length;

// The way from a leaf to the root, by RFC 9162 section 2.1.3.2: [{side, sibling, hash}].
export async function climb(index, size, leaf, proof) {
  if (index >= size) throw new Refusal("index_outside", { index, size });
  const inner = bitsOf(index ^ (size - 1n));
  const wanted = inner + onesOf(index >> BigInt(inner));
  if (proof.length !== wanted) throw new Refusal("proof_length", { wanted, found: proof.length });
  const way = [];
  let hash = leaf;
  for (let i = 0; i < proof.length; ++i) {
    const left = i >= inner || ((index >> BigInt(i)) & 1n) === 1n;
    hash = left ? await nodeHash(proof[i], hash) : await nodeHash(hash, proof[i]);
    way.push({ side: left ? "left" : "right", sibling: proof[i], hash });
  }
  return way;
}

// ---- notes and keys -------------------------------------------------------------------------------------------------

const isKeyName = (name) =>
  name !== "" && utf8(name).length <= nameBytesMax && !/[\p{White_Space}+\u0000-\u001f]/u.test(name);

// "name+id+base64" of a log. Throws Refusal("vkey").
export async function parseVkey(text) {
  const [, name, id, key] = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/su.exec(text) ?? [];
  const bytes = key === undefined ? null : fromBase64(key);
  if (!bytes || !isKeyName(name) || bytes.length !== 33) throw new Refusal("vkey", { vkey: text });
  if (bytes[0] !== 1) throw new Refusal("vkey_type", { vkey: text, type: bytes[0] });
  const computed = toHex((await sha256(join(utf8(name + "\n"), bytes))).slice(0, 4));
  if (computed !== id) throw new Refusal("vkey_id", { vkey: text });
  return { name, id, publicKey: bytes.slice(1), vkey: text };
}

export function parseNote(text) {
  if (utf8(text).length > noteBytesMax || /[\u0000-\u0009\u000b-\u001f]/.test(text)) throw new Refusal("note");
  const split = text.lastIndexOf("\n\n");
  if (split < 0) throw new Refusal("note");
  const note = { text: text.slice(0, split + 1), signatures: [] };
  const lines = new LineReader(text.slice(split + 2));
  while (lines.rest !== "") {
    const [, name, base64] = /^\u2014 ([^ ]*) (.*)$/su.exec(lines.next() ?? "") ?? [];
    const bytes = base64 === undefined ? null : fromBase64(base64);
    if (!bytes || bytes.length <= 4 || !isKeyName(name) || note.signatures.length === signaturesMax)
      throw new Refusal("note");
    note.signatures.push({ name, id: toHex(bytes.slice(0, 4)), signature: bytes.slice(4) });
  }
  if (note.signatures.length === 0) throw new Refusal("note");
  return note;
}

export function parseCheckpoint(text) {
  const lines = new LineReader(text);
  const origin = lines.next();
  const size = parseSize(lines.next() ?? "");
  const root = hashFromBase64(lines.next() ?? "");
  if (!origin || size === null || !root) throw new Refusal("checkpoint");
  while (lines.rest !== "") if (!lines.next()) throw new Refusal("checkpoint");
  return { origin, size, root };
}

async function verifyEd25519(publicKey, signature, message) {
  let key;
  try {
    key = await crypto.subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, ["verify"]);
  } catch (error) {
    if (error.name === "NotSupportedError") throw new Unable("no_ed25519");
    return false;
  }
  return signature.length === 64 && (await crypto.subtle.verify({ name: "Ed25519" }, key, signature, message));
}

// The keys that have signed; lines of others are counted. A line of a known key that fails refuses the note.
export async function verifyNote(note, keys) {
  const signers = [];
  let unknown = 0;
  for (const line of note.signatures) {
    const known = keys.filter((key) => key.name === line.name && key.id === line.id);
    if (known.length === 0) ++unknown;
    for (const key of known) {
      if (!(await verifyEd25519(key.publicKey, line.signature, utf8(note.text))))
        throw new Refusal("signature", { name: key.name, id: key.id });
      if (!signers.includes(key)) signers.push(key);
    }
  }
  if (signers.length === 0) throw new Refusal("no_known_key", { names: note.signatures.map((line) => line.name) });
  return { signers, unknown };
}

// ---- all of it ------------------------------------------------------------------------------------------------------

export const steps = ["form", "person", "signature", "inclusion"];

// Throws Unable when this browser, or this page as it was opened, cannot check.
export async function requireCrypto() {
  if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) throw new Unable("no_secure_context");
  try {
    // RFC 8032, section 7.1, test 1.
    const publicKey = fromHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    const signature = fromHex("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e" +
      "39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
    if (await verifyEd25519(publicKey, signature, new Uint8Array())) return;
  } catch {
    // The same answer.
  }
  throw new Unable("no_ed25519");
}

// Checks all a receipt says. Never throws a Refusal: {state: "proven" | "refused", done: [steps that hold], failed, refusal,
// and whatever was found on the way}.
export async function verifyReceipt(bytes, keys) {
  const report = { state: "proven", done: [] };
  let step = steps[0];
  const next = () => {
    report.done.push(step);
    step = steps[report.done.length];
  };
  try {
    report.receipt = parseReceipt(bytes);
    const { event, opening, identity, index, proof, checkpoint } = report.receipt;
    const note = parseNote(checkpoint);
    report.checkpoint = parseCheckpoint(note.text);
    next();
    if (identity && !same(await hmac(identity.key, utf8(identity.user)), event.actor))
      throw new Refusal("another_person", { user: identity.user });
    next();
    Object.assign(report, await verifyNote(note, keys));
    report.signer = report.signers.find((key) => key.name === report.checkpoint.origin);
    if (!report.signer) throw new Refusal("origin", { origin: report.checkpoint.origin });
    next();
    Object.assign(report, await entryOf(event, opening));
    report.way = await climb(index, report.checkpoint.size, report.leaf, proof);
    report.root = report.way.at(-1)?.hash ?? report.leaf;
    if (!same(report.root, report.checkpoint.root)) throw new Refusal("root");
    next();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    report.state = "refused";
    report.failed = step;
    report.refusal = error;
  }
  return report;
}
