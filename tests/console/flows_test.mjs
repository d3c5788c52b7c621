// What each role came for, from beginning to end, with every number compared with what the API says.
// Usage: ZAN=build/release/zan SERVER=http://127.0.0.1:PORT node tests/console/flows_test.mjs http://127.0.0.1:PORT
// ONLY=words runs the flows whose names contain them. SERVER is where the API is when the page is served from elsewhere; ZAN is for servers that do not attack themselves.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { axe, Console, go, looks, runTests, settled, until } from "./harness.mjs";

const base = process.argv[2];
const server = process.env.SERVER ?? base;
const browser = await Console.open(base);
const ask = async (path, body) => {
  const answer = await fetch(
    base + path,
    body === undefined
      ? {}
      : {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        },
  );
  return answer.json();
};
const dataOf = async (locator) => Number(await locator.locator("data").first().getAttribute("value"));
const figure = (page, name) => page.locator(".figure").filter({ hasText: name });

async function as(role, test, look, chosen) {
  const { context, page, complaints } = await browser.page(role, look, chosen);
  try {
    await test(page);
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
  }
}

async function viewerLikes(page) {
  await go(base, page, "/feed");
  const card = page.locator(".card").first();
  await card.waitFor();
  const subject = /Work (\S+)/.exec(await card.getAttribute("aria-label"))[1];
  const before = (await ask(`/v1/subjects/${subject}/counts`)).likes;
  await card.getByRole("button", { name: "Like", exact: true }).click();
  await card.locator(".card-proof").waitFor();
  const after = (await ask(`/v1/subjects/${subject}/counts`)).likes;
  assert.equal(after, before + 1);
  assert.equal(await dataOf(card.locator(".deed").first()), after);
  await card.locator(".card-proof").click();
  await page.locator('.receipt[data-state="proven"]').waitFor();
  assert.deepEqual(await axe(page), []);
  await page.keyboard.press("Escape");
  await card.getByRole("button", { name: "Take the like back" }).click();
  await card.getByRole("button", { name: "Like", exact: true }).waitFor();
  await until(page, "the like is gone", async () => (await ask(`/v1/subjects/${subject}/counts`)).likes === before);
}

async function viewerReadsWhy(page) {
  await go(base, page, "/feed");
  const card = page.locator(".card").first();
  const reason = await card.locator(".card-why").first().textContent();
  await page.locator(".why-reasons li").filter({ hasText: reason }).waitFor();
  const first = await card.getAttribute("aria-label");
  await page.locator(".phone-screen").focus();
  await page.keyboard.press("j");
  await until(page, "the next work is in sight", () =>
    page.evaluate((label) => {
      const screen = document.querySelector(".phone-screen").getBoundingClientRect();
      const shown = [...document.querySelectorAll(".card")].find(
        (each) => Math.abs(each.getBoundingClientRect().top - screen.top) < 8,
      );
      return shown !== undefined && shown.getAttribute("aria-label") !== label;
    }, first),
  );
}

async function viewerWatches(page) {
  await go(base, page, "/feed");
  const card = page.locator(".card").first();
  const subject = /Work (\S+)/.exec(await card.getAttribute("aria-label"))[1];
  const before = (await ask(`/v1/subjects/${subject}/counts`)).views;
  await card.locator(".card-play").click();
  await until(page, "a second was watched", async () =>
    /[1-9]/.test((await card.locator(".card-play").textContent()).split("/")[0]),
  );
  await card.locator(".card-play").click();
  await until(page, "the view counts", async () => (await ask(`/v1/subjects/${subject}/counts`)).views === before + 1);
}

async function viewerChangesWhatIsAssumed(page) {
  await go(base, page, "/me");
  await page.getByRole("textbox", { name: "Another topic" }).fill("39");
  await page.getByRole("button", { name: "More", exact: true }).click();
  const wish = page.locator(".wishes li").filter({ hasText: "#39" });
  await wish.waitFor();
  await wish.getByText("Never", { exact: true }).click();
  await until(
    page,
    "never is chosen",
    async () => (await wish.locator(".segmented-item:has(:checked)").textContent()) === "Never",
  );
}

async function viewerSeesOwnReceipt(page) {
  await go(base, page, "/receipts");
  await page.locator(".rows .row button").first().click();
  await page.locator('.receipt[data-state="proven"]').waitFor();
}

// A burst by the server itself where it offers that, else by the tool from outside.
async function attack(page) {
  const known = (await ask("/v1/cases?limit=200&standing=confirmed")).items.length;
  const { context } = await browser.page("operator");
  const session = browser.accounts ? await (await context.request.get(`${base}/v1/session`)).json() : {};
  const headers = session.csrf ? { "X-CSRF-Token": session.csrf } : {};
  const answer = await context.request.post(`${base}/v1/demo/attack`, { data: { kind: "burst" }, headers });
  if (answer.status() === 404) {
    const labels = join(mkdtempSync(join(tmpdir(), "zan-console-")), "truth.csv");
    const tool = spawn(
      process.env.ZAN,
      [
        "simulate",
        "--server",
        server,
        "--likes",
        "30000",
        "--accounts",
        "8000",
        "--subjects",
        "2000",
        "--attack",
        "burst:groups=2,accounts=80,targets=10",
        "--labels",
        labels,
      ],
      { stdio: "ignore" },
    );
    const [code] = await once(tool, "exit");
    assert.equal(code, 0, "zan simulate");
  } else {
    assert.equal(answer.status(), 202);
    const state = async () => (await context.request.get(`${base}/v1/demo/attack`)).json();
    await until(page, "the attack is over", async () => (await state()).running === false, 180_000);
  }
  await context.close();
  await until(
    page,
    "a case is confirmed",
    async () => (await ask("/v1/cases?limit=200&standing=confirmed")).items.length > known,
  );
}

async function operatorFindsTheFarm(page) {
  await go(base, page, "/cases");
  await attack(page);
  await page.reload();
  await settled(page);
  await page.locator(".case-row a").first().click();
  await page.waitForURL(/\/cases\/c/);
  await page.locator(".chart canvas").waitFor();
  const id = page.url().split("/").at(-1);
  const truth = await ask(`/v1/cases/${id}`);
  assert.equal(await dataOf(figure(page, "Accounts")), truth.accounts);
  assert.equal(await dataOf(figure(page, "Likes")), truth.likes);
  await page.getByText("As a table").click();
  await page.locator(".case-accounts tbody tr").first().waitFor();
  assert.deepEqual(await axe(page), []);
}

async function creatorLearnsWhy(page) {
  const { items } = await ask("/v1/cases?limit=1&standing=confirmed");
  const found = await ask(`/v1/cases/${items[0].case}`);
  const subject = found.targets[0];
  const verdicts = await ask(`/v1/subjects/${subject}/verdicts`);
  await go(base, page, `/works/${subject}`);
  const why = page.locator("#why");
  const out = verdicts.likes.rejected;
  await why
    .locator(".sum")
    .filter({ hasText: `${out.toLocaleString("en-GB")} like` })
    .waitFor();
  assert.equal(await dataOf(figure(page, "Taken out")), out);
  assert.equal(await dataOf(figure(page, "Genuine likes")), verdicts.likes.genuine);
  await why.getByText(verdicts.cases[0].words.en.slice(0, 40)).first().waitFor();
  const { falls } = await ask(`/v1/subjects/${subject}/series?days=1`);
  const fell = falls[0].taken_out - falls[0].given_back;
  await page
    .locator(".fall")
    .filter({ hasText: `${fell.toLocaleString("en-GB")} like` })
    .getByRole("link")
    .click();
  assert.equal(new URL(page.url()).hash, "#why");
}

async function creatorSeesWorksByNumber(page) {
  await go(base, page, "/works");
  const creator = (await page.evaluate(async () => (await fetch("/v1/session")).json())).account?.creator;
  if (!creator) return;
  const { items, works } = await ask(`/v1/creators/${creator}/works?order=likes&limit=1`);
  await page.getByText("Most liked", { exact: true }).click();
  const first = page.locator(".work-row").first();
  await until(page, "the most liked is first", async () => (await dataOf(first)) === items[0].counts.likes);
  assert.ok(works >= 1);
  await page.locator("table.week, .state-title").first().waitFor();
}

async function creatorAppeals(page) {
  const { items } = await ask("/v1/cases?limit=2&standing=confirmed");
  const found = await ask(`/v1/cases/${items.at(-1).case}`);
  await go(base, page, `/works/${found.targets[0]}`);
  await page.getByRole("button", { name: "Appeal", exact: true }).click();
  await page.getByText("A fan community").click();
  await page.getByRole("button", { name: "Send the appeal" }).click();
  await page.getByText("Your appeal was taken in").last().waitFor();
  await until(page, "the appeal is open", async () => (await ask(`/v1/cases/${found.case}`)).open_appeals === 1);
}

async function operatorOverturns(page) {
  await go(base, page, "/cases");
  await page.getByText("Waiting for people", { exact: true }).click();
  await page.locator(".case-row a").first().click();
  await page.waitForURL(/\/cases\/c/);
  const id = page.url().split("/").at(-1);
  await page.getByRole("button", { name: "Overturn", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.locator("textarea").fill("a club that meets on Mondays");
  await dialog.getByRole("button", { name: "Overturn", exact: true }).click();
  await page.locator("li.row").filter({ hasText: "a club that meets on Mondays" }).waitFor();
  await until(page, "the case is cleared", async () => (await ask(`/v1/cases/${id}`)).standing === "cleared");
  assert.equal((await ask(`/v1/cases/${id}`)).open_appeals, 0);
  await page.locator(".case-head").getByText("Cleared: counts").waitFor();
}

async function operatorReadsTheLog(page) {
  await go(base, page, "/log");
  const published = Number((await (await fetch(`${base}/log/checkpoint`)).text()).split("\n")[1]);
  assert.ok((await dataOf(figure(page, "Entries"))) <= published);
  await page.getByRole("spinbutton", { name: "Place of the entry" }).fill("1234");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await page.locator('.receipt[data-state="proven"]').waitFor();
  assert.match(await page.locator('.receipt[data-state="proven"]').innerText(), /Entry 1234 leads to the signed root/);
  await page.reload();
  await page.getByText("It extends the").waitFor();
}

async function segmentInStep(page) {
  await go(base, page, "/segments");
  const text = page.locator("textarea.segment-text");
  const expression = "count(view, last 30d) >= 3";
  await text.fill(expression);
  const { count } = await ask("/v1/segments/count", { expression });
  await until(page, "the count is the API's", () =>
    page.evaluate((n) => document.querySelector(".segment-size data")?.getAttribute("value") === String(n), count),
  );
  await page.locator(".group").getByText("is not", { exact: true }).first().click();
  await until(
    page,
    "the text says what the form says",
    async () => (await text.inputValue()) === "not count(view, last 30d) >= 3",
  );
  await text.fill("regin = ");
  await page.locator(".builder .problem").first().waitFor();
}

// The name, or with a number where it is taken: a server may be tested more than once.
const unused = (name, taken) => (taken.some((each) => each.name === name) ? `${name} ${Date.now()}` : name);

// Made, looked into, frozen, thawed; who enters is told as it happens. It is left there for the test of the pages.
async function segmentsLife(page) {
  const name = unused("likers of late", (await ask("/v1/segments?limit=200")).segments);
  await go(base, page, "/segments");
  await page.locator("textarea.segment-text").fill("count(like, last 30d) >= 1");
  const save = page.getByRole("button", { name: "Save", exact: true });
  await until(page, "it can be saved", async () => save.isEnabled());
  await save.click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill(name);
  await dialog.getByLabel("Why it is made").fill("to see who comes");
  await dialog.getByRole("switch").click();
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("link", { name, exact: true }).click();
  await page.waitForURL(/\/segments\/[0-9a-f]{16}/);
  const id = /segments\/([0-9a-f]{16})/.exec(page.url())[1];
  await page.getByText("Members", { exact: true }).click();
  const { users } = await ask(`/v1/segments/${id}/members?limit=1000`);
  await page.locator(".member").first().waitFor();
  assert.equal(await page.locator(".member bdi").first().textContent(), String(users[0]));
  assert.ok((await page.locator(".member").count()) < 100, "only what is in sight is drawn");
  await page.getByRole("button", { name: `Why ${users[0]} is in it`, exact: true }).click();
  await page.locator(".why-sum").waitFor();
  await page.locator(".said-line").waitFor({ state: "detached" });
  assert.deepEqual(await axe(page), []);
  await page.getByText("Comings and goings").click();
  await page.getByText("live", { exact: true }).waitFor();
  const newcomer = `newcomer-${Date.now()}`;
  const taken = await fetch(`${server}/v1/events`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ type: "like", actor: newcomer, subject: "work-of-newcomers" }),
  });
  assert.ok(taken.ok, `a like of ${newcomer}: ${taken.status}`);
  await page.locator(".moves li").filter({ hasText: newcomer }).waitFor();
  assert.ok((await dataOf(figure(page, "Entered"))) >= 1);
  await changesState(page, "Freeze", "for the report");
  assert.equal((await ask(`/v1/segments/${id}`)).state, "frozen");
  await changesState(page, "Thaw", "the report is out");
  assert.equal((await ask(`/v1/segments/${id}`)).state, "living");
  await page.getByText("History", { exact: true }).click();
  await page.locator("li.row").filter({ hasText: "the report is out" }).waitFor();
}

async function changesState(page, what, why) {
  await page.getByRole("button", { name: what, exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Why (kept with who did it)").fill(why);
  await dialog.getByRole("button", { name: what, exact: true }).click();
  await dialog.waitFor({ state: "hidden" });
}

async function bringsAList(page) {
  const name = `press ${Date.now()}`;
  const { items } = await ask("/v1/top?window=all&limit=1");
  const likers = (await ask(`/v1/subjects/${items[0].subject}/likers?limit=3`)).items.map((each) => each.actor);
  await go(base, page, "/lists");
  const form = page.locator("form.upload").first();
  await form.getByLabel("Name of the list").fill(name);
  await form.getByLabel("Where it comes from").fill("by hand");
  await form.getByLabel("Names").fill([...likers, likers[0], "nobody-of-this-name"].join("\n"));
  await form.getByRole("button", { name: "Bring a list" }).click();
  await form.getByText("Known and taken in:").waitFor();
  const row = page.locator("li.row").filter({ hasText: name });
  await row.waitFor();
  assert.equal(await dataOf(row), likers.length);
  assert.equal((await ask("/v1/lists")).lists.find((list) => list.name === name).users, likers.length);
  const tag = page.locator("form.upload").nth(1);
  const source = `panel ${Date.now()}.csv`;
  await tag.getByLabel("Where it comes from").fill(source);
  await tag.getByLabel("Names").fill(likers.join("\n"));
  await tag.getByRole("button", { name: "Bring a tag" }).click();
  await page.locator("tbody tr").filter({ hasText: source }).waitFor();
  assert.deepEqual(await axe(page), []);
  await row.getByRole("button", { name: `Remove the list ${name}` }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Why (kept with who did it)").fill("not needed any more");
  await dialog.getByRole("button", { name: "Remove", exact: true }).click();
  await row.waitFor({ state: "detached" });
}

// By keyboard alone; of one case another server says no, which is told, and it stays picked.
async function decidesManyCases(page) {
  await go(base, page, "/cases");
  const boxes = page.locator(".cases .pick");
  await boxes.nth(1).waitFor();
  await boxes.first().focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  await page.getByText("2 picked").waitFor();
  const ids = await page.locator(".cases .case-row a.mono").allTextContents();
  await page.route("**/v1/cases/decisions", async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    const problem = { type: "urn:zhenzan:problem:conflict", title: "Conflict", status: 409, detail: "looked at by li" };
    body.cases[1] = { case: body.cases[1].case, problem };
    await route.fulfill({ response: answer, json: body });
  });
  const bar = page.getByRole("region", { name: "With the cases that are picked" });
  await bar.getByRole("button", { name: "Confirm", exact: true }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.locator("textarea").fill("one hand behind both");
  await dialog.getByRole("button", { name: "Confirm", exact: true }).focus();
  await page.keyboard.press("Enter");
  await dialog.getByText("1 noted").waitFor();
  await dialog.getByText("looked at by li").waitFor();
  assert.deepEqual(await axe(page), []);
  await page.keyboard.press("Escape");
  await page.getByText("1 picked").waitFor();
  await page.unroute("**/v1/cases/decisions");
  const notes = (await ask(`/v1/cases/${ids[0]}`)).notes;
  assert.ok(
    notes.some((each) => each.note === "one hand behind both"),
    "the note is kept with the case",
  );
}

async function runsAnExperiment(page) {
  await go(base, page, "/experiments");
  const name = unused("more of the new", (await ask("/v1/feed/experiments")).experiments);
  await page.getByRole("button", { name: "Start an experiment" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill(name);
  await dialog.getByRole("button", { name: /What it changes/ }).click();
  await dialog.getByRole("spinbutton", { name: "Share for the new" }).fill("0.2");
  await dialog.getByLabel("Why (kept with who did it)").fill("do newcomers cost long views?");
  await dialog.getByRole("button", { name: "Start an experiment" }).click();
  const panel = page.locator(".panel").filter({ has: page.getByRole("heading", { name, exact: true }) });
  await panel.getByText("Running").waitFor();
  await panel.getByText(/Share for the new 0\.1 → 0\.2/).waitFor();
  const { experiments } = await ask("/v1/feed/experiments");
  const found = experiments.find((each) => each.name === name);
  assert.equal(found.arms[0].policy.explore_share, 0.2);
  assert.equal(found.arms[0].policy.worth.like, (await ask("/v1/feed/policy")).worth.like);
  await panel.getByText("Nobody's first day in it is over yet").waitFor();
  assert.deepEqual(await axe(page), []);
  await panel.getByRole("button", { name: "End it" }).click();
  await dialog.getByLabel("Why (kept with who did it)").fill("decided");
  await dialog.getByRole("button", { name: "End it" }).click();
  await panel.getByText("Over", { exact: true }).waitFor();
}

async function brandExports(page) {
  const top = (await ask("/v1/top?window=all&limit=50")).items.find((item) => !item.subject.startsWith("sim-")).subject;
  await go(base, page, `/audience-of?kind=subject&id=${top}`);
  const counts = await ask(`/v1/subjects/${top}/counts`);
  assert.equal(await dataOf(figure(page, "Genuine likes")), counts.likes);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "CSV" }).click(),
  ]);
  const csv = readFileSync(await download.path(), "utf8");
  assert.match(csv, /^tag,value,en,zh,count,share,low,high,base_share,surprise\r\n/);
  assert.ok(csv.split("\r\n").length > 5);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Make the report" }).click(),
  ]);
  const report = JSON.parse(readFileSync(await file.path(), "utf8"));
  const evidence = await ask(`/v1/subjects/${top}/evidence?limit=200`);
  assert.equal(report.counts.likes, counts.likes);
  assert.deepEqual(report.evidence.items.slice(0, evidence.items.length), evidence.items);
  // Every entry is below the size that the checkpoint in the report signs.
  const size = Number(report.log.checkpoint.split("\n")[1]);
  assert.ok(report.evidence.items.length > 0 && report.evidence.items.every((item) => Number(item.index) < size));
}

async function tour(page) {
  await go(base, page, "/tour");
  await page.locator(".tour-works button").first().click();
  await page.getByRole("button", { name: "Is it really in there?" }).click();
  await page.locator('.receipt[data-state="proven"]').waitFor();
  await page.getByRole("button", { name: "What does it change?" }).click();
  await page.locator(".tour-change").first().waitFor();
  await page.getByRole("button", { name: "And if somebody cheats?" }).click();
  if (browser.accounts) await page.getByRole("button", { name: "Attack", exact: true }).click();
  // A server that does not attack itself shows the command instead.
  const byHand = page.getByRole("button", { name: "I have started it" });
  const found = page.locator('.tour-stop[data-step="found"]');
  await byHand.or(found).first().waitFor({ timeout: 180_000 });
  if (await byHand.isVisible()) await byHand.click();
  const why = page.getByRole("button", { name: "Why these?" });
  await why.waitFor({ timeout: 180_000 });
  await why.click();
  await page.locator(".chart canvas").waitFor();
  await page.getByRole("button", { name: "What becomes of the likes?" }).click();
  await page.locator("#why .sum").waitFor();
  assert.deepEqual(await axe(page), []);
}

async function switchesLanguageAndShade(page) {
  await go(base, page, "/overview");
  await page.getByRole("button", { name: "中文" }).click();
  await page.getByRole("heading", { level: 1, name: "总览" }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), "zh-CN");
  await page.getByRole("button", { name: "深浅色与时区" }).click();
  await page.getByText("深色", { exact: true }).click();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.shade), "dark");
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "总览" }).waitFor();
}

async function saysThatNothingAnswers() {
  const { context, page } = await browser.page("operator");
  await page.route("**/v1/cases*", (route) => route.abort());
  await page.goto(`${base}/console/cases`);
  await page.getByText("The server does not answer").waitFor();
  assert.deepEqual(await axe(page), []);
  await page.unroute("**/v1/cases*");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator(".rows, .state").first().waitFor();
  await context.setOffline(true);
  await page.getByText("This device is offline").waitFor();
  await context.close();
}

async function worksByKeyboard(page) {
  await go(base, page, "/overview");
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  const link = page.getByRole("navigation", { name: "Pages", exact: true }).getByRole("link", { name: "Cases" });
  await link.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Cases" }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "H1");
}

// By the page itself, as a person does it. A server without accounts has nobody to sign in.
async function signsInAndOut() {
  if (!browser.accounts) return;
  const { context, page, complaints } = await browser.page(null);
  await page.goto(`${base}/console/`);
  await page.getByRole("heading", { level: 1, name: "Likes that are real" }).waitFor();
  assert.deepEqual(await axe(page), []);
  await page.getByLabel("Name").fill("nobody");
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByText("Name or password is wrong.").waitFor();
  await page.getByRole("button", { name: /^Auditor/ }).click();
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  assert.equal(
    await page.getByRole("navigation", { name: "Pages", exact: true }).getByRole("link", { name: "Accounts" }).count(),
    0,
  );
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { level: 1, name: "Likes that are real" }).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
}

const only = process.env.ONLY ?? "";
const failed = await runTests(
  [
    ["one signs in and out by the page", signsInAndOut],
    ["a viewer likes, sees it counted and proven, and takes it back", () => as("viewer", viewerLikes)],
    ["a viewer reads why, and moves by keys", () => as("viewer", viewerReadsWhy)],
    ["a viewer watches, and it counts", () => as("viewer", viewerWatches)],
    ["a viewer changes what is assumed", () => as("viewer", viewerChangesWhatIsAssumed)],
    ["a viewer's own receipt is proven", () => as("viewer", viewerSeesOwnReceipt)],
    ["a receipt on a phone, in Chinese", () => as("viewer", viewerSeesOwnReceipt, looks["zh phone light"])],
    ["a segment as form and text in step", () => as("operator", segmentInStep)],
    ["a segment's life", () => as("operator", segmentsLife)],
    ["a list and a tag are brought", () => as("operator", bringsAList)],
    ["an experiment of feeds", () => as("operator", runsAnExperiment)],
    ["a brand takes a portrait with it", () => as("brand", brandExports)],
    ["an operator sees a farm found", () => as("operator", operatorFindsTheFarm)],
    ["a creator learns why likes are gone", () => as(browser.accounts ? "operator" : "creator", creatorLearnsWhy)],
    ["a creator sees works by number", () => as("creator", creatorSeesWorksByNumber)],
    ["a creator appeals", () => as(browser.accounts ? "operator" : "creator", creatorAppeals)],
    ["an operator overturns a case", () => as("operator", operatorOverturns)],
    ["an operator decides many cases", () => as("operator", decidesManyCases)],
    ["the log is recomputed", () => as("operator", operatorReadsTheLog)],
    ["the tour, to its end", () => as("operator", tour)],
    ["language and shade are kept", () => as("operator", switchesLanguageAndShade)],
    ["a server that does not answer", saysThatNothingAnswers],
    ["keyboard alone", () => as("operator", worksByKeyboard)],
  ].filter(([name]) => name.includes(only)),
);
await browser.close();
process.exit(failed === 0 ? 0 : 1);
