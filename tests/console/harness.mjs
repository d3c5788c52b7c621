// A browser around the console: signs in or chooses a role, as the server is, and watches what no page may do.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(new URL("../../console/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const patience = 20_000;

export const looks = {
  "en desktop light": { language: "en", shade: "light", width: 1360, height: 900 },
  "zh desktop dark": { language: "zh", shade: "dark", width: 1360, height: 900 },
  "zh phone light": { language: "zh", shade: "light", width: 390, height: 844 },
  "en phone dark": { language: "en", shade: "dark", width: 390, height: 844 },
};

// What the browser itself writes when a call answers "no": the pages show these answers, they are no errors of a page.
const expectedRefusals = [
  /\/v1\/session$/,
  /\/v1\/subjects\/[^/]*$/,
  /\/v1\/(subjects|creators)\/.*\/(audience|match)/,
  /\/v1\/users\/[^/]*$/,
  /\/v1\/similar\//,
  /\/v1\/segments\//,
  /\/v1\/demo\/attack$/,
];

// Roles are taken with one click, which a server offers in demo mode alone.
export class Console {
  static async open(base) {
    const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    const browser = await chromium.launch({ executablePath, args });
    const session = await fetch(`${base}/v1/session`);
    // A server from before there were accounts answers 404; it is open, like one whose accounts are off.
    const { accounts } = session.status === 404 ? { accounts: "off" } : await session.json();
    return new Console(base, browser, accounts === "on");
  }

  constructor(base, browser, accounts) {
    Object.assign(this, { base, browser, accounts });
  }

  async page(role, look = looks["en desktop light"], chosen = {}) {
    const context = await this.browser.newContext({
      viewport: { width: look.width, height: look.height },
      colorScheme: look.shade,
      hasTouch: look.width < 500,
      reducedMotion: "reduce",
      acceptDownloads: true,
    });
    await context.addInitScript(
      ([settings, as]) => {
        if (localStorage.getItem("zan.settings")) return;
        localStorage.setItem("zan.settings", settings);
        localStorage.setItem("zan.look", as);
      },
      [
        JSON.stringify({ language: look.language, shadeWish: look.shade, zone: "UTC" }),
        JSON.stringify(role === null ? {} : { role, ...chosen }),
      ],
    );
    if (this.accounts && role !== null) {
      const answer = await context.request.post(`${this.base}/v1/session`, {
        data: { demo_role: role },
        headers: { Origin: this.base },
      });
      assert.equal(answer.status(), 200, `signing in as ${role}`);
    }
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    const complaints = [];
    page.on("console", (message) => {
      if (message.type() !== "error") return;
      const url = message.location().url.replace(this.base, "").split("?")[0];
      if (/status of 4\d\d/.test(message.text()) && expectedRefusals.some((form) => form.test(url))) return;
      complaints.push(`console: ${message.text().slice(0, 300)} ${url}`);
    });
    page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
    page.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      if (origin !== this.base && !["data:", "blob:"].includes(protocol))
        complaints.push(`request beyond the origin: ${request.url()}`);
    });
    return { context, page, complaints };
  }

  async close() {
    await this.browser.close();
  }
}

export async function go(base, page, path) {
  await page.goto(`${base}/console${path}`);
  await settled(page);
}

// Looks until `holds` says so, a frame of the browser between two looks. (waitForFunction needs eval, which the page's
// policy refuses.)
export async function until(page, what, holds, longest = patience) {
  const ends = Date.now() + longest;
  for (;;) {
    if (await holds()) return;
    assert.ok(Date.now() < ends, `never came true: ${what}`);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }
}

// The page stands: it has its heading, and nothing in sight is still on its way.
export async function settled(page) {
  await page.waitForSelector("main h1");
  await until(page, "nothing is loading", () =>
    page.evaluate(() => document.querySelectorAll("main .state-loading").length === 0),
  );
}

export async function axe(page) {
  // Through the debugger, as the page's own policy would refuse a script tag.
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations.map(
    (each) =>
      `${each.id} (${each.impact}): ${each.nodes
        .slice(0, 2)
        .map((node) => node.html.slice(0, 140))
        .join(" | ")}`,
  );
}

export const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

// Runs what it is given, one after the other, and counts.
export async function runTests(tests) {
  let failed = 0;
  for (const [name, test] of tests) {
    try {
      await test();
      console.log(`ok - ${name}`);
    } catch (error) {
      ++failed;
      console.log(
        `not ok - ${name}\n    ${String(error.stack ?? error)
          .split("\n")
          .slice(0, 8)
          .join("\n    ")}`,
      );
    }
  }
  console.log(`${tests.length - failed} passed, ${failed} failed`);
  return failed;
}
