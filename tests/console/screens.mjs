// The pictures of docs/screens. Usage: node tests/console/screens.mjs http://127.0.0.1:PORT DIR    ONLY=feed,case takes these alone;
// WHEN=before takes those of the community as it was imported, WHEN=after those of what the tests did, with their attack.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Console, go, looks, settled } from "./harness.mjs";

const [base, folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const ask = async (path) => (await fetch(base + path)).json();
const found = (await ask("/v1/cases?limit=1&standing=confirmed")).items[0];
const target = found && (await ask(`/v1/cases/${found.case}`)).targets[0];

const segments = (await ask("/v1/segments")).segments.slice(0, 1);
const works = (await ask("/v1/top?window=all&limit=100")).items.filter((item) => !item.subject.startsWith("sim-"));

// Likes of people who have just come, of many works, as long as the chart needs for a few points.
async function someLikes(page) {
  for (let round = 0; round < 24; ++round) {
    const likes = Array.from({ length: 20 + 10 * (round % 5) }, (_, i) => ({
      type: "like",
      actor: `guest-${Date.now()}-${i}`,
      subject: works[(round * 7 + i * 3) % works.length].subject,
    }));
    await fetch(`${base}/v1/events`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(likes),
    });
    await page.waitForTimeout(500);
  }
}

const canvas = (page) => page.locator(".chart canvas").first().waitFor();
const pictures = [
  [
    "overview",
    "operator",
    "en desktop light",
    "/overview",
    // Rates need looks at the counters while something comes in.
    async (page) => {
      await page.getByText("Ever", { exact: true }).click();
      await someLikes(page);
    },
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
  ...segments.map(({ id }) => [
    "segment",
    "operator",
    "zh desktop dark",
    `/segments/${id}`,
    (page) => page.locator(".share-row").nth(3).waitFor(),
  ]),
  ["matching", "operator", "en desktop light", "/matching", (page) => page.locator(".against").waitFor()],
  ["experiments", "operator", "en desktop light", "/experiments", (page) => page.locator(".panel").first().waitFor()],
  ["cases", "operator", "en desktop light", "/cases", (page) => page.locator(".pick").first().click()],
  [
    "brand",
    "brand",
    "zh desktop dark",
    `/audience-of?kind=subject&id=${works[0]?.subject}`,
    (page) => page.locator(".split").first().waitFor(),
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
const ofTheCommunity = ["overview", "segments", "matching", "brand", "feed", "feed_phone", "me_phone"];
const only = process.env.ONLY?.split(",");
const when = process.env.WHEN;
for (const [name, role, look, path, ready] of pictures) {
  if (path.includes("undefined") || (only && !only.includes(name))) continue;
  if (when && (when === "before") !== ofTheCommunity.includes(name)) continue;
  const { context, page } = await browser.page(role, looks[look]);
  await go(base, page, path);
  await ready(page);
  await settled(page);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await context.close();
  console.log(`${folder}/${name}.png`);
}
await browser.close();
