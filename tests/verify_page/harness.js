// Runs in the browser of verify_page_test: opens the page with each receipt of /cases.json in a frame, runs the vectors through
// verify.js, and sends one line a case to /result.

import * as verify from "/verify/verify.js";

const cases = await (await fetch("/cases.json")).json();
const lines = [];

function settled(main) {
  return new Promise((resolve) => {
    const look = () => {
      if (!["proven", "refused", "unable"].includes(main.dataset.state)) return false;
      observer.disconnect();
      resolve();
      return true;
    };
    const observer = new MutationObserver(look);
    if (!look()) observer.observe(main, { attributes: true });
  });
}

function loaded(frame) {
  return new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
}

const base64url = (bytes) => verify.toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

// Gives a receipt to the page as a person would.
function give(window, how, receipt) {
  const at = (id) => window.document.getElementById(id);
  const carried = new window.DataTransfer();
  const file = () => carried.items.add(new window.File([receipt], "a receipt"));
  if (how === "type") {
    at("text").value = receipt;
    at("text").dispatchEvent(new window.Event("input"));
  } else if (how === "file") {
    file();
    at("file").files = carried.files;
    at("file").dispatchEvent(new window.Event("change"));
  } else if (how === "drop") {
    file();
    at("trust").dispatchEvent(new window.DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }));
  } else if (how === "paste") {
    carried.setData("text/plain", receipt);
    at("trust").dispatchEvent(new window.ClipboardEvent("paste", { clipboardData: carried, bubbles: true }));
  }
}

async function openPage({ name, receipt, vkey, how }) {
  const frame = document.createElement("iframe");
  frame.src = how === "link" ? `/verify#receipt=${base64url(verify.utf8(receipt))}` : "/verify";
  document.body.append(frame);
  await loaded(frame);
  const page = frame.contentDocument;
  if (vkey) {
    page.getElementById("vkeys").value = vkey;
    page.getElementById("vkeys").dispatchEvent(new Event("input"));
  }
  give(frame.contentWindow, how, receipt);
  const main = page.querySelector("main");
  await settled(main);
  const text = (selector) => page.querySelector(selector)?.textContent ?? "";
  lines.push([name, main.dataset.state, main.dataset.reason, main.dataset.field, text(".result h2"), text(".sentence"),
    text("#root"), text('[data-fact="at"]').slice(0, 27)].join("|"));
  frame.remove();
}

async function runVector(vector) {
  const event = verify.readEvent(verify.parseJson(JSON.stringify(vector.event).replace(/"number":[0-9]+/, `"number":${vector.number}`)));
  const scope = event.subject ? "s" + event.subject : "c" + event.creator;
  const key = verify.fromHex(vector.person_key);
  const opening = verify.fromHex(vector.opening);
  const entry = await verify.entryOf(event, opening);
  const number = new Uint8Array(8);
  new DataView(number.buffer).setBigUint64(0, event.number);
  const label = verify.utf8("zhenzan opening 1\0");
  const actorKey = await verify.hmac(key, verify.utf8("zhenzan actor 1\0" + scope));
  const actor = await verify.hmac(actorKey, verify.utf8(vector.user));
  const reread = verify.canonicalEvent(verify.parseEvent(verify.fromHex(vector.canonical)));
  const pairs = {
    canonical: [entry.canonical, vector.canonical],
    reread: [reread, vector.canonical],
    opening: [await verify.hmac(key, Uint8Array.of(...label, ...number)), vector.opening],
    actor_key: [actorKey, vector.actor_key],
    actor: [actor, verify.toHex(event.actor)],
    commitment: [entry.commitment, vector.commitment],
    entry: [entry.entry, vector.entry],
    leaf_hash: [entry.leaf, vector.leaf_hash],
  };
  const wrong = Object.keys(pairs).filter((name) => verify.toHex(pairs[name][0]) !== pairs[name][1]);
  lines.push(`vector|${vector.name}|${wrong.join(" ")}`);
}

// Every byte with its lowest bit turned: the places where that was accepted.
async function findHoles(name, receipt, keys) {
  const holes = [];
  const good = verify.utf8(receipt);
  for (let i = 0; i < good.length; ++i) {
    const bytes = good.slice();
    bytes[i] ^= 1;
    if ((await verify.verifyReceipt(bytes, keys)).state === "proven") holes.push(i);
  }
  lines.push(`holes|${name}|${holes.join(" ")}`);
}

// Receipts with a few bytes changed: where verify.js and the program do not say the same.
async function compareTwins({ receipts, parsed, proven }, keys) {
  const others = [];
  for (let i = 0; i < receipts.length; ++i) {
    const bytes = verify.fromBase64(receipts[i]);
    const report = await verify.verifyReceipt(bytes, keys);
    const read = report.done.includes("form");
    if (read !== (parsed[i] === "1")) others.push(`${i} ${read ? "read" : report.refusal}`);
    if ((report.state === "proven") !== (proven[i] === "1")) others.push(`${i} ${report.state}`);
  }
  lines.push(`twins|${receipts.length}|${others.join(" ")}`);
}

// As a browser answers that has no Ed25519.
async function runWithoutEd25519() {
  SubtleCrypto.prototype.importKey = async () => {
    throw new DOMException("no such algorithm", "NotSupportedError");
  };
  const answer = await verify.requireCrypto().then(() => "able", (error) => error.code);
  lines.push(`without_ed25519|${answer}`);
}

try {
  for (const page of cases.pages) await openPage(page);
  for (const vector of cases.vectors) await runVector(vector);
  const keys = cases.vkey ? [await verify.parseVkey(cases.vkey)] : [];
  for (const { name, receipt } of cases.holes) await findHoles(name, receipt, keys);
  if (cases.twins) await compareTwins(cases.twins, keys);
  if (cases.without_ed25519) await runWithoutEd25519();
} catch (error) {
  lines.push(`harness|${error.stack ?? error}`);
}
await fetch("/result", { method: "POST", body: lines.join("\n") });
