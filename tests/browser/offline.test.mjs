// The line to the node goes down while somebody writes: a calm line says so, what is typed stays, and is kept when it is back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Desk, browser } from "./desk.mjs";
import { sit } from "./steps.mjs";

let desk, chromium, ops;

before(async () => {
  desk = await Desk.open();
  chromium = await browser();
  ops = await sit(chromium, desk.link(), "ops-1");
});

after(async () => {
  await chromium?.close();
  await desk?.close();
});

const band = () => ops.page.locator("#offline");
const line = () => ops.page.locator("#saved");

test("a node that is gone is said, and nothing that was typed is lost", async () => {
  await ops.go("incidents/new", "?lang=en");
  const { page } = ops;
  assert.equal(await band().isVisible(), false);
  const text = page.locator('textarea[name="text"]');
  await text.fill("Kept while there is a line.");
  await page.waitForFunction(() => document.getElementById("saved").textContent !== "");
  await page.context().setOffline(true);
  await text.fill("Typed while there was none.");
  await band().waitFor({ state: "visible", timeout: 20000 });
  await page.waitForFunction(() => document.getElementById("offline").textContent.includes("What you typed is on this page"));
  assert.match(await band().innerText(), /since .{0,2}\d\d:\d\d.{0,2}\. This page is as of .*\d\d:\d\d/);
  assert.equal(await text.inputValue(), "Typed while there was none.");
  // Whoever leaves is asked.
  let asked = 0;
  page.once("dialog", (dialog) => (asked++, dialog.dismiss()));
  await page.click('.index a[href$="/record"]').catch(() => {});
  assert.equal(asked, 1, "leaving is asked about");
  assert.equal(await text.inputValue(), "Typed while there was none.", "and not done");
  await page.context().setOffline(false);
  await band().waitFor({ state: "hidden", timeout: 30000 });
  assert.notEqual(await line().innerText(), "");
  // It is there for whoever opens the draft.
  await page.reload();
  assert.equal(await page.locator('textarea[name="text"]').inputValue(), "Typed while there was none.");
});

test("in Urdu too, where the node itself is gone; a node that is there again is told at once", async () => {
  await ops.go("record", "?lang=ur");
  await desk.stop();
  await band().waitFor({ state: "visible", timeout: 20000 });
  assert.match(await band().innerText(), /رابطہ نہیں/);
  assert.doesNotMatch(await band().innerText(), /SINCE|MADE/);
  await desk.run();
  // Nobody is signed in any more, and the node is there.
  await band().waitFor({ state: "hidden", timeout: 30000 });
});

test("who signs in again in another window goes on with the form that is open", async () => {
  ops = await sit(chromium, desk.link(), "ops-1");
  const { page } = ops;
  await ops.go("incidents/new", "?lang=en");
  await desk.stop();
  await desk.run();
  const text = page.locator('textarea[name="text"]');
  await text.fill("Typed while nobody was signed in.");
  await page.waitForFunction(() => /Not kept/.test(document.getElementById("saved").textContent), null, { timeout: 20000 });
  const other = await page.context().newPage();
  await other.goto(desk.link());
  await Promise.all([other.waitForEvent("load"), other.click("main button")]);
  await page.waitForFunction(() => /^Kept/.test(document.getElementById("saved").textContent), null, { timeout: 20000 });
  await page.reload();
  assert.equal(await page.locator('textarea[name="text"]').inputValue(), "Typed while nobody was signed in.");
});

test("a form that is sent while the node is gone stays as it is, and goes once it is back", async () => {
  const { page } = ops;
  await ops.go("incidents/new", "?lang=en");
  const text = page.locator('textarea[name="text"]');
  await page.context().setOffline(true);
  await text.pressSequentially("Sent into nothing.");
  await page.click('button[value="keep"]');
  await band().waitFor({ state: "visible", timeout: 20000 });
  assert.equal(await text.inputValue(), "Sent into nothing.");
  await page.context().setOffline(false);
  await page.waitForFunction(() => /^Kept/.test(document.getElementById("saved").textContent), null, { timeout: 20000 });
  await Promise.all([page.waitForEvent("load"), page.click('button[value="keep"]')]);
  assert.equal(await page.locator('textarea[name="text"]').inputValue(), "Sent into nothing.");
});

test("a stream that ends is no line that is down", async () => {
  const { page } = ops;
  await ops.go("record", "?lang=en");
  await page.evaluate(() => document.dispatchEvent(new Event("doubtful")));
  await page.waitForTimeout(1500);
  assert.equal(await band().isVisible(), false);
});
