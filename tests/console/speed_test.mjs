// How fast the console is, as figures, and that long lists stay small in the browser, as tests.
// Usage: node tests/console/speed_test.mjs http://127.0.0.1:PORT    RUNS=3 looks at each first load so often;
// ROWS=1000000 PAGE=50000 scrolls through so many members, so many a page; ROWS=0 only prints, LOADS=no only tests, ONLY=words picks
// Figures are printed and never asserted: they are those of this machine. What is asserted does not depend on time.

import assert from "node:assert/strict";
import { Console, go, looks, patience, runTests, settled, until } from "./harness.mjs";

const base = process.argv[2];
const runs = Number(process.env.RUNS ?? 3);
const slower = 4;
const browser = await Console.open(base);

// In the page: when the heading stood, when the last long task before it and after it ended, as performance.now() has it.
const watchLoad = () => {
  const seen = (window.zanLoad = { heading: 0, longest: 0, busy: 0, quietSince: 0 });
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) {
      seen.busy += task.duration;
      seen.longest = Math.max(seen.longest, task.duration);
      seen.quietSince = task.startTime + task.duration;
    }
  }).observe({ type: "longtask", buffered: true });
  new MutationObserver((_, observer) => {
    if (!document.querySelector("main h1")) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => (seen.heading = performance.now())));
  }).observe(document, { childList: true, subtree: true });
};

// The page stands (its heading is drawn) and the thread that answers keys and clicks is free: no task above 50 ms since.
async function firstLoad(role, path) {
  const { context, page } = await browser.page(role);
  try {
    await page.addInitScript(watchLoad);
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: slower });
    // What the page's thread computed, throttled: says the same on a machine that others use at the same time.
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    const computed = async () => {
      const { metrics } = await session.send("Performance.getMetrics");
      return metrics.find((metric) => metric.name === "TaskDuration").value * 1000;
    };
    await page.goto(`${base}/console${path}`);
    await page.waitForSelector("main h1");
    const headingCpu = await computed();
    const answered = await page.evaluate(
      () =>
        new Promise((done) => {
          const quiet = () => {
            const { heading, quietSince } = window.zanLoad;
            if (heading > 0 && performance.now() - Math.max(heading, quietSince) > 1000)
              done({ ...window.zanLoad, interactive: Math.max(heading, quietSince) });
            else requestAnimationFrame(quiet);
          };
          quiet();
        }),
    );
    return { ...answered, headingCpu, cpu: await computed() };
  } finally {
    await context.close();
  }
}

const middle = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const ms = (number) => `${Math.round(number)} ms`;

async function tellFirstLoads() {
  for (const [role, path] of [
    [null, "/"],
    ["operator", "/overview"],
    ["operator", "/cases"],
    ["viewer", "/feed"],
    ["creator", "/works"],
  ]) {
    if (role === null && !browser.accounts) continue;
    const seen = [];
    for (let i = 0; i < runs; ++i) seen.push(await firstLoad(role, path));
    const most = Math.max(...seen.map((each) => each.interactive));
    console.log(
      `# first load of ${path} as ${role ?? "nobody"}, ${slower}x slower: heading ${ms(middle(seen.map((each) => each.heading)))}, ` +
        `interactive ${ms(middle(seen.map((each) => each.interactive)))} (at most ${ms(most)}), ` +
        `computed ${ms(middle(seen.map((each) => each.headingCpu)))} until the heading, ${ms(middle(seen.map((each) => each.cpu)))} in all, ` +
        `long tasks ${ms(middle(seen.map((each) => each.busy)))}, the longest ${ms(middle(seen.map((each) => each.longest)))}`,
    );
  }
}

// The API gives a thousand a page; larger ones reach the end of a million in less time.
const pageRows = Number(process.env.PAGE ?? 1000);
const drawnMax = 200;
const drawn = (page) => page.locator("[role=listitem]").count();

// Scrolls as fast as pages come, until `rows` have come, and looks at every stop how many are drawn.
async function scrollsThrough(page, rows, what) {
  await page.locator("[role=listitem]").first().waitFor();
  const began = Date.now();
  const seen = await page.evaluate(
    async ([rows, longest]) => {
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      const tasks = [];
      const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map((task) => task.duration)));
      observer.observe({ type: "longtask" });
      const ends = performance.now() + longest;
      let most = 0;
      let last = 0;
      while (last < rows && performance.now() < ends) {
        window.scrollTo(0, document.documentElement.scrollHeight);
        await frame();
        const items = document.querySelectorAll("[role=listitem]");
        most = Math.max(most, items.length);
        last = Number(items[items.length - 1]?.getAttribute("aria-posinset") ?? 0);
      }
      observer.disconnect();
      return { most, last, longest: Math.max(0, ...tasks), long: tasks.length };
    },
    [rows, 570_000],
  );
  const seconds = (Date.now() - began) / 1000;
  console.log(
    `# ${what}: ${seen.last} rows in ${seconds.toFixed(1)} s, at most ${seen.most} drawn, ` +
      `${seen.long} tasks above 50 ms, the longest ${ms(seen.longest)}`,
  );
  assert.ok(seen.last >= rows, `only ${seen.last} of ${rows} rows came`);
  assert.ok(seen.most <= drawnMax, `${seen.most} rows are drawn at once`);
  return seen;
}

// A segment of so many, made up on the way, a thousand a page as the API has it.
async function membersOf(page, count, pages, name = (i) => `person-${i}`) {
  const id = "00000000000000aa";
  const info = {
    id,
    state: "living",
    version: 1,
    name: "a million",
    expression: "everybody",
    purpose: "reports",
    refresh: "none",
    watched: false,
    by: "tests",
    why: "to scroll",
    at: "2026-01-01T00:00:00Z",
  };
  await page.route(`**/v1/segments/${id}`, (route) =>
    route.fulfill({ json: { ...info, versions: [], states: [], history: [] } }),
  );
  await page.route(`**/v1/segments/${id}/members*`, (route) => {
    const query = new URL(route.request().url()).searchParams;
    const from = Number(query.get("cursor") ?? 0);
    const to = Math.min(count, from + pageRows);
    pages.push(from);
    const users = Array.from({ length: to - from }, (_, i) => name(from + i));
    return route.fulfill({ json: { users, next: to < count ? String(to) : null } });
  });
  await go(base, page, `/segments/${id}?view=members`);
}

async function aMillionMembers() {
  const { context, page, complaints } = await browser.page("operator");
  try {
    const count = Number(process.env.ROWS ?? 100_000);
    const pages = [];
    await membersOf(page, count, pages);
    await scrollsThrough(page, count, "members of a segment");
    assert.equal(pages.length, count / pageRows, "each page is asked for once");
    await page.getByText(`${count.toLocaleString("en-GB")} lines, that is all`).waitFor();
    const last = page.locator("[role=listitem]").last();
    assert.equal(await last.locator("bdi").textContent(), `person-${count - 1}`);
    assert.ok(await last.isVisible());
    // Back to the beginning and to the middle: what is there is drawn, and nothing is asked for again.
    for (const [part, low, high] of [
      [0, 1, 1],
      [0.5, 0.4 * count, 0.6 * count],
    ]) {
      await page.evaluate((to) => window.scrollTo(0, document.documentElement.scrollHeight * to), part);
      await until(page, `rows near ${part} are drawn`, () =>
        page.evaluate(
          ([low, high]) => {
            const at = Number(document.querySelector("[role=listitem]")?.getAttribute("aria-posinset") ?? 0);
            return at >= low && at <= high;
          },
          [low, high],
        ),
      );
      assert.ok((await drawn(page)) <= drawnMax);
    }
    assert.equal(pages.length, count / pageRows);
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
  }
}

// Turns of a wheel, as a hand makes them: how smoothly the list goes by is printed.
async function aSteadyScroll() {
  const { context, page } = await browser.page("operator");
  try {
    await membersOf(page, 100_000, []);
    await page.locator("[role=listitem]").first().waitFor();
    await page.mouse.move(700, 500);
    await page.evaluate(() => {
      const seen = (window.zanFrames = { gaps: [], tasks: [] });
      new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map((task) => task.duration))).observe({
        type: "longtask",
      });
      let before = performance.now();
      const frame = (now) => {
        seen.gaps.push(now - before);
        before = now;
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    });
    const turns = 300;
    for (let i = 0; i < turns; ++i) await page.mouse.wheel(0, 120);
    const seen = await page.evaluate(() => window.zanFrames);
    const late = seen.gaps.filter((gap) => gap > 25).length;
    console.log(
      `# ${turns} turns of a wheel by 120 pixels: ${seen.gaps.length} frames, ${late} of them late, ` +
        `the longest ${ms(Math.max(...seen.gaps))}, ${seen.tasks.length} tasks above 50 ms, the longest ${ms(Math.max(0, ...seen.tasks))}`,
    );
    const sight = await page.evaluate(() => {
      const row = document.elementFromPoint(700, 500)?.closest("[role=listitem]");
      return { scrolled: window.scrollY, row: Number(row?.getAttribute("aria-posinset") ?? 0) };
    });
    assert.ok(sight.scrolled > 0 && sight.row > 0, `a row is drawn where one looks: ${JSON.stringify(sight)}`);
  } finally {
    await context.close();
  }
}

// Rows of many heights, come to from below: each is taller than was guessed, and what is looked at does not jump.
async function rowsAboveThatAreTaller(count) {
  const { context, page } = await browser.page("operator", looks["en phone dark"]);
  try {
    await membersOf(page, count, [], (i) => `person-${i}-${"long".repeat((i * 7) % 40)}`);
    await page.locator("[role=listitem]").first().waitFor();
    while (!(await page.getByText("that is all").count()))
      await page.evaluate(() => {
        window.scrollTo(0, document.documentElement.scrollHeight);
        return new Promise((done) => requestAnimationFrame(done));
      });
    const jumps = await page.evaluate(async () => {
      const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      window.scrollTo(0, document.documentElement.scrollHeight / 2);
      await frame();
      const found = [];
      for (let i = 0; i < 60; ++i) {
        const row = document.elementFromPoint(150, 400).closest("[role=listitem]");
        const index = row.getAttribute("aria-posinset");
        const [was, from] = [row.getBoundingClientRect().top, window.scrollY];
        window.scrollBy(0, -90);
        const gone = from - window.scrollY;
        await frame();
        const now = document.querySelector(`[aria-posinset="${index}"]`)?.getBoundingClientRect().top;
        found.push({ by: now - was, gone });
      }
      return found;
    });
    return jumps;
  } finally {
    await context.close();
  }
}

async function whatIsLookedAtStays() {
  for (const { by, gone } of await rowsAboveThatAreTaller(3_000))
    assert.ok(Math.abs(by - gone) <= 1, `the window went by ${gone}, the row by ${by}`);
}

async function entriesOfTheLog() {
  const { context, page } = await browser.page("operator");
  try {
    await go(base, page, "/log");
    const size = Number((await (await fetch(`${base}/log/checkpoint`)).text()).split("\n")[1]);
    await scrollsThrough(page, Math.min(size, 5_000), "entries of the log, recomputed in the browser");
  } finally {
    await context.close();
  }
}

async function likesOfAWork() {
  const { context, page } = await browser.page("operator");
  try {
    const { items } = await (await fetch(`${base}/v1/top?window=all&limit=1`)).json();
    const subject = items[0].subject;
    const rows = 5_000;
    const one = (await (await fetch(`${base}/v1/subjects/${subject}/evidence?limit=1`)).json()).items[0];
    await page.route(`**/v1/subjects/${subject}/evidence*`, (route) => {
      const query = new URL(route.request().url()).searchParams;
      const from = Number(query.get("cursor") ?? 0);
      const to = Math.min(rows, from + Number(query.get("limit") ?? 1000));
      const items = Array.from({ length: to - from }, (_, i) => ({ ...one, index: String(rows - from - i) }));
      return route.fulfill({ json: { items, next: to < rows ? String(to) : null } });
    });
    await go(base, page, `/works/${subject}`);
    await settled(page);
    await scrollsThrough(page, rows, "evidence of a work's likes");
  } finally {
    await context.close();
  }
}

if (process.env.LOADS !== "no") await tellFirstLoads();
if (process.env.ROWS === "0") process.exit(0);
const only = process.env.ONLY ?? "";
const failed = await runTests(
  [
    ["members by the thousand, of which only what is in sight is drawn", aMillionMembers],
    ["a steady scroll", aSteadyScroll],
    ["what is looked at stays while rows above turn out to be taller", whatIsLookedAtStays],
    ["five thousand entries of the log", entriesOfTheLog],
    ["five thousand likes of a work", likesOfAWork],
  ].filter(([name]) => name.includes(only)),
);
await browser.close();
process.exit(failed === 0 ? 0 : 1);
