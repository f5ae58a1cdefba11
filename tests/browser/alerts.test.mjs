// An officer is told at once: a line in the page that is open, and no row moves; then one of them takes it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Desk, browser } from "./desk.mjs";
import { sit } from "./steps.mjs";

let desk, chromium, ops, legal;

before(async () => {
  desk = await Desk.open();
  await desk.stop();
  const fields = ["kind=fire", "time=now", "place=10.25, -39.9", "reported-grade=grave"];
  desk.say("open", "incident", ...fields.flatMap((field) => ["--field", field]), "--yes");
  await desk.run();
  chromium = await browser();
  [ops, legal] = [await sit(chromium, desk.link(), "ops-1"), await sit(chromium, desk.link(), "legal-1")];
});

after(async () => {
  await chromium?.close();
  await desk?.close();
});

// The alerts are there once the incident is final.
const alerts = async (person) => {
  for (let tries = 0; tries < 30; tries += 1) {
    await person.go("alerts");
    if ((await person.page.locator("tbody tr").count()) > 0) return person.page.locator("tbody tr").first();
    await person.page.waitForTimeout(1000);
  }
  return assert.fail("nothing was told");
};

test("what is grave waits to be taken", async () => {
  const row = await alerts(ops);
  assert.match(await row.innerText(), /INC-\d\d-0001-.*graded as grave/s);
  await ops.isGood("alerts");
  await ops.go("alerts", "?lang=ur");
  await ops.isGood("alerts-urdu");
  await ops.page.setViewportSize({ width: 390, height: 900 });
  await ops.isGood("alerts-urdu-phone");
  await ops.go("alerts", "?lang=en");
  await ops.isGood("alerts-phone");
  await ops.page.setViewportSize({ width: 1366, height: 900 });
});

test("a page that is open says that there is something new, and moves nothing", async () => {
  const reference = await (await alerts(ops)).locator(".ref").innerText();
  await legal.go("record", "?lang=en");
  const where = () => legal.page.locator("main h1").evaluate((it) => it.getBoundingClientRect().top);
  const before = await where();
  await ops.go("worklist");
  const form = ops.page.locator("form.filter:has(input[name=says])");
  await form.locator("input[name=says]").fill("Call the fire brigade");
  await form.locator("input[name=who]").fill("legal-1");
  await form.locator("input[name=reference]").fill(reference);
  await Promise.all([ops.page.waitForEvent("load"), form.locator("button").click()]);
  const line = legal.page.locator(".news p");
  await line.waitFor({ timeout: 40000 });
  assert.match(await line.innerText(), /^One new since \d\d:\d\d\s+Show$/);
  assert.equal(await where(), before, "nothing moved");
  await legal.isGood("alerts-line");
  await Promise.all([legal.page.waitForEvent("load"), line.locator("a").click()]);
  assert.match(await legal.page.locator("tbody tr").first().innerText(), /a task was given/);
});

test("one takes it, and the others see who", async () => {
  const row = await alerts(ops);
  await Promise.all([ops.page.waitForEvent("load"), row.locator("button").click()]);
  await legal.go("alerts", "?view=all");
  await legal.isGood("alerts-all");
  assert.match(await legal.page.locator("main").innerText(), /ops-1/);
});
