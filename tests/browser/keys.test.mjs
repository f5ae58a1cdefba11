// Single keys lead through a desk, by their place on the board; whoever types, or has switched them off, is left alone.
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

const press = async (...keys) => {
  for (const key of keys) await ops.page.keyboard.press(key);
};
const leads = (path) => ops.page.waitForURL((url) => url.pathname.endsWith(path), { timeout: 20000 });
const focused = () => ops.page.evaluate(() => document.activeElement?.getAttribute("name") ?? document.activeElement?.tagName);

test("g and a letter lead where the index says", async () => {
  await ops.go("", "?lang=en");
  const keys = await ops.page.locator(".index a[data-key]").evaluateAll((all) => all.map((it) => it.dataset.key));
  assert.ok(keys.length > 12, `${keys.length} links have a key`);
  assert.equal(new Set(keys).size, keys.length, "no two have the same");
  const record = await ops.page.locator('.index a[href$="/record"]').getAttribute("data-key");
  await press("g", record);
  await leads("/record");
});

test("a letter of another script is the key that it lies on", async () => {
  await ops.go("", "?lang=ur");
  const record = await ops.page.locator('.index a[href$="/record"]').getAttribute("data-key");
  const code = `Key${record.toUpperCase()}`;
  for (const [key, place] of [["گ", "KeyG"], ["ر", code]]) {
    await ops.page.evaluate(
      ([key, code]) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true })),
      [key, place],
    );
  }
  await leads("/record");
});

test("n and a letter open a form, and rows are walked through", async () => {
  await ops.go("", "?lang=en");
  const incident = await ops.page.locator('.index a[href$="/incidents"]').getAttribute("data-key");
  await press("n", incident);
  await leads("/incidents/new");
  await ops.go("record", "?lang=en");
  await press("j");
  const first = await ops.page.evaluate(() => document.activeElement?.closest("tr")?.rowIndex);
  await press("j");
  const second = await ops.page.evaluate(() => document.activeElement?.closest("tr")?.rowIndex);
  assert.ok(first > 0 && second > first, `${first}, ${second}`);
  await press("k");
  assert.equal(await ops.page.evaluate(() => document.activeElement?.closest("tr")?.rowIndex), first);
  const where = await ops.page.evaluate(() => document.activeElement.href);
  await press("Enter");
  await ops.page.waitForURL(where);
});

test("a slash goes to the search, a question mark lists all keys, and who types is left alone", async () => {
  await ops.go("record", "?lang=en");
  await press("/");
  assert.equal(await focused(), "q");
  await press("g", "r");
  assert.equal(await ops.page.inputValue("#q"), "gr", "they are letters there");
  await ops.page.evaluate(() => document.activeElement.blur());
  await press("?");
  assert.ok(await ops.page.locator("dialog#keys[open]").isVisible());
  await ops.isGood("keys");
  await press("Escape");
  assert.ok(!(await ops.page.locator("dialog#keys[open]").isVisible()));
});

test("they can be switched off", async () => {
  await ops.go("settings", "?lang=en");
  await ops.page.check('[name="keys"][value="off"]');
  await ops.press('button[value="how"]');
  assert.equal(await ops.page.locator("dialog#keys, .index kbd, [data-key] kbd").count(), 0);
  await press("/");
  assert.notEqual(await focused(), "q");
  await ops.page.check('[name="keys"][value=""]');
  await ops.press('button[value="how"]');
  assert.equal(await ops.page.locator("dialog#keys").count(), 1);
});
