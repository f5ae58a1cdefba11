// Firefox beside Chromium: in by a link, what is asked, a list, a matter, a draft that is kept, an act and a step signed with a key
// that the desk keeps, a proof checked in the browser, and Urdu. Playwright can't drive Debian's Firefox; WebDriver can.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Desk } from "./desk.mjs";

const lacks = ["MITHAQ_FIREFOX", "MITHAQ_GECKODRIVER"].filter((name) => !process.env[name]);
const skip = lacks.length > 0 && `without ${lacks.join(" and ")}`;

let desk, firefox, root;

before(async () => {
  if (skip) return;
  const { Firefox } = await import("./firefox.mjs");
  desk = await Desk.open();
  firefox = await Firefox.open();
});

after(async () => {
  await firefox?.close();
  await desk?.close();
});

const go = (path) => firefox.go(`${root}${path}`);

test("in by a link, to what is asked", { skip }, async () => {
  await firefox.go(desk.link());
  await firefox.press("main button");
  root = await firefox.address();
  assert.match(await firefox.text("main"), /What is asked of North/);
  await firefox.isGood("overview");
});

let draft;

test("a draft keeps itself, and is there after the page was left", { skip }, async () => {
  await go("incidents/new");
  await firefox.set("#f-kind", "fire");
  await firefox.set("#f-time", "2026-01-05T10:00");
  await firefox.type("#f-place", "9.7470, -40.1172");
  await firefox.click('[name="f-reported-grade"][value="minor"]');
  await firefox.type("#text", "Seen from the second post; سڑک بہہ گئی ہے.");
  // Nothing was pressed: the page keeps it by itself, and then has an address of its own.
  await firefox.until(async () => /\/unsigned\//.test(await firefox.address()), "the draft is kept");
  draft = (await firefox.address()).slice(root.length).split("?")[0];
  await go("");
  await go(draft);
  assert.equal(await firefox.run("return document.querySelector('#text').value"), "Seen from the second post; سڑک بہہ گئی ہے.");
  assert.equal(await firefox.run("return document.querySelector('#f-place').value"), "9.7470, -40.1172");
  await firefox.isGood("draft");
});

let matter;

const signs = async () => {
  await firefox.isGood("sign");
  await firefox.click('[name="ticked"]');
  await firefox.press("aside button.primary");
  assert.match(await firefox.text("main"), /in the register|on its way/);
};

test("what is written is signed with a key that the desk keeps", { skip }, async () => {
  await firefox.press('button[form="kept"][value="sign"]');
  assert.match(await firefox.text("article.sheet"), /Seen from the second post/);
  await signs();
});

test("a list is filtered, and leads to the matter", { skip }, async () => {
  const row = "main tbody th a";
  await firefox.until(async () => {
    await go("incidents?view=all&state=reported");
    return (await firefox.count(row)) === 1;
  }, "it is listed");
  await firefox.isGood("list");
  await go("incidents?view=all&until=2026-01-04");
  assert.equal(await firefox.count(row), 0, "nothing was before");
  await go("incidents?view=all&state=reported");
  await firefox.press(row);
  matter = (await firefox.address()).slice(root.length);
  assert.match(await firefox.text("main"), /Fire/);
  await firefox.isGood("matter");
});

test("a step of it is taken and signed", { skip }, async () => {
  await go(matter);
  await firefox.press('aside.may a[href$="/account"]');
  await firefox.type("#text", "Heard again an hour later.");
  await firefox.press('button[form="kept"][value="sign"]');
  await signs();
  await firefox.until(async () => {
    await go(matter);
    return /Heard again an hour later/.test(await firefox.text("main"));
  }, "the account stands");
});

test("an entry's proof holds in the browser", { skip }, async () => {
  await go("record/0");
  await firefox.click("#prove button");
  await firefox.until(() => firefox.run("return !!document.querySelector('#prove .check:not([hidden])')"), "it holds");
  assert.equal(await firefox.count("#prove .wrong:not([hidden])"), 0);
  await firefox.isGood("record");
});

test("the same pages from right to left", { skip }, async () => {
  for (const path of ["", "incidents?view=all", matter, "incidents/new", "record", "settings"]) {
    await go(`${path}${path.includes("?") ? "&" : "?"}lang=ur`);
    assert.equal(await firefox.run("return document.documentElement.dir"), "rtl", path);
    await firefox.isGood(`ur-${path.replaceAll(/[^a-z]+/g, "-") || "overview"}`);
  }
  await firefox.wide(500);
  for (const path of ["", "incidents?view=all", matter]) {
    await go(path);
    await firefox.isGood(`ur-narrow-${path.replaceAll(/[^a-z]+/g, "-") || "overview"}`);
  }
});
