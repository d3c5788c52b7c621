// Every page of every role, in both languages, light and dark, on a wide screen and a phone: it stands, axe finds nothing,
// nothing is wider than the screen, the console is quiet, and no request leaves the origin.
// Usage: node tests/console/pages_test.mjs http://127.0.0.1:PORT    ONLY=operator runs those whose names begin so

import assert from "node:assert/strict";
import { axe, Console, go, looks, overflow, runTests, settled } from "./harness.mjs";

const base = process.argv[2];
const top = (await (await fetch(`${base}/v1/top?window=all&limit=50`)).json()).items.find(
  (item) => !item.subject.startsWith("sim-"),
);
const work = top.subject;
const cases = (await (await fetch(`${base}/v1/cases?limit=1`)).json()).items;
const segments = (await (await fetch(`${base}/v1/segments`)).json()).segments;

const pages = {
  viewer: ["/feed", "/me", "/receipts"],
  creator: ["/works", "/my-audience", ".work-row a"],
  brand: ["/audience-of", `/audience-of?kind=subject&id=${work}`, "/segments"],
  operator: [
    "/overview",
    "/tour",
    "/cases",
    ...cases.map((each) => `/cases/${each.case}`),
    "/rules",
    "/segments",
    ...segments
      .slice(0, 1)
      .flatMap(({ id }) =>
        ["", "?view=members", "?view=sizes", "?view=history"].map((view) => `/segments/${id}${view}`),
      ),
    "/lists",
    "/experiments",
    "/tags",
    "/matching",
    "/log",
    "/status",
    "/audit",
    "/accounts",
    "/account",
    `/works/${work}`,
  ],
  auditor: ["/overview", "/cases", "/rules", "/lists", "/experiments"],
};

const browser = await Console.open(base);
const only = process.env.ONLY ?? "";
const tests = Object.entries(looks).flatMap(([name, look]) =>
  Object.entries(pages).map(([role, paths]) => [
    `${role}: ${name}`,
    async () => {
      const { context, page, complaints } = await browser.page(role, look);
      try {
        for (const path of paths) {
          if (path.startsWith("/")) await go(base, page, path);
          else {
            // A page that is reached by a link of the first one.
            await go(base, page, paths[0]);
            await page.locator(path).first().click();
            await page.locator(".work-about").waitFor();
            await settled(page);
          }
          assert.deepEqual(await axe(page), [], `axe on ${path}`);
          assert.ok((await overflow(page)) <= 0, `${path} is ${await overflow(page)} px wider than the screen`);
          assert.deepEqual(complaints, [], path);
        }
      } finally {
        await context.close();
      }
    },
  ]),
);
const failed = await runTests(tests.filter(([name]) => name.startsWith(only)));
await browser.close();
process.exit(failed === 0 ? 0 : 1);
