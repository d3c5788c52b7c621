// The pictures of docs/screens, of the server as the tests left it. Usage: node tests/console/screens.mjs http://127.0.0.1:PORT DIR

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Console, go, looks, settled } from "./harness.mjs";

const [base, folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const ask = async (path) => (await fetch(base + path)).json();
const found = (await ask("/v1/cases?limit=1&standing=confirmed")).items[0];
const target = found && (await ask(`/v1/cases/${found.case}`)).targets[0];

const canvas = (page) => page.locator(".chart canvas").first().waitFor();
const pictures = [
  [
    "overview",
    "operator",
    "en desktop light",
    "/overview",
    // Rates need two looks at the counters.
    (page) => page.locator(".figure").nth(1).locator("data").waitFor(),
  ],
  ["case", "operator", "zh desktop dark", `/cases/${found?.case}`, (page) => canvas(page)],
  ["work", "operator", "en desktop light", `/works/${target}`, (page) => page.locator("#why .sum").waitFor()],
  [
    "segments",
    "operator",
    "en desktop light",
    "/segments",
    async (page) => {
      await page
        .locator("textarea.segment-text")
        .fill('not weekender and count(like or share, category: "kuai_9", last 30d) >= 1');
      await page.locator(".group .term").nth(1).waitFor();
      await page.locator(".share-row").nth(3).waitFor();
    },
  ],
  [
    "log",
    "operator",
    "zh desktop dark",
    "/log",
    async (page) => {
      await page.locator(".entry-row button").nth(3).click();
      await page.locator('.receipt[data-state="proven"]').waitFor();
    },
  ],
  ["feed", "viewer", "en desktop light", "/feed", (page) => page.locator(".card").first().waitFor()],
  ["feed_phone", "viewer", "zh phone light", "/feed", (page) => page.locator(".card").first().waitFor()],
  ["me_phone", "viewer", "zh phone light", "/me", settled],
];

const browser = await Console.open(base);
for (const [name, role, look, path, ready] of pictures) {
  if (path.includes("undefined")) continue;
  const { context, page } = await browser.page(role, looks[look]);
  await go(base, page, path);
  await ready(page);
  await settled(page);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await context.close();
  console.log(`${folder}/${name}.png`);
}
await browser.close();
