// The component library, which is loaded on demand: late, or not at all at first.
// Usage: node tests/console/library_test.mjs http://127.0.0.1:PORT

import assert from "node:assert/strict";
import { axe, Console, go, runTests, until } from "./harness.mjs";

const base = process.argv[2];
const browser = await Console.open(base);

// What a first load asks for, and what it does not.
async function firstLoadWithout() {
  const { context, page, complaints } = await browser.page("operator");
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await go(base, page, "/cases");
  assert.ok(asked.some((url) => url.includes("/assets/index-")));
  const loaded = await page.evaluate(() => document.adoptedStyleSheets.length);
  assert.equal(loaded, 0, "no style of the library is made");
  await page.getByRole("button", { name: "Light, dark, time zone" }).hover();
  await until(page, "it is asked for at the first wish", () => asked.some((url) => url.includes("/assets/library-")));
  assert.deepEqual(complaints, []);
  await context.close();
}

// A dialog whose file does not come says so, and comes when it is asked for again; a field meanwhile says what is chosen.
async function asksAgain() {
  const { context, page } = await browser.page("operator");
  const files = "**/assets/library-*";
  await page.route(files, (route) => route.abort());
  await go(base, page, "/segments");
  await page.locator("textarea.segment-text").fill("count(view, last 30d) >= 3");
  const field = page.getByRole("combobox", { name: "Condition" });
  const chosen = "Did something so often";
  await until(page, "the field says what is chosen", async () => (await field.inputValue()) === chosen);
  await go(base, page, "/experiments");
  await page.getByRole("button", { name: "Start an experiment" }).click();
  const missing = page.getByRole("dialog");
  await missing.getByText("This part of the page did not come").waitFor();
  assert.deepEqual(await axe(page), []);
  await page.unroute(files);
  await missing.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("dialog", { name: "Start an experiment" }).getByLabel("Name", { exact: true }).waitFor();
  await context.close();
}

// What is typed before the library is there is sought when it is; choices are found and taken by keyboard.
async function picksByTyping() {
  const { context, page, complaints } = await browser.page("operator");
  let come;
  const held = new Promise((done) => (come = done));
  await page.route("**/assets/library-*.js", async (route) => held.then(() => route.continue()));
  await go(base, page, "/segments");
  await page.locator("textarea.segment-text").fill("count(view, last 30d) >= 3");
  const field = page.getByRole("combobox", { name: "Condition" });
  const place = () => field.evaluate((each) => JSON.stringify(each.closest(".pick-around").getBoundingClientRect()));
  await field.focus();
  await page.keyboard.type("everyb");
  const before = await place();
  come();
  await page.locator(".ant-select-item-option").first().waitFor();
  assert.equal(await field.inputValue(), "everyb");
  assert.equal(await place(), before, "the field stays where it is");
  assert.deepEqual(await axe(page), []);
  await page.keyboard.press("Enter");
  const text = page.locator("textarea.segment-text");
  await until(page, "the condition is another", async () => (await text.inputValue()) === "everybody");
  assert.deepEqual(complaints, []);
  await context.close();
}

const failed = await runTests([
  ["a first load does without the library", firstLoadWithout],
  ["a part of the page that does not come at once", asksAgain],
  ["a condition is picked by typing, before the library is there", picksByTyping],
]);
await browser.close();
process.exit(failed === 0 ? 0 : 1);
