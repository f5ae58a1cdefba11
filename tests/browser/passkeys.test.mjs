// An officer makes a passkey, is enrolled, signs in and signs with it; a second signs beside; the register is verified by the
// program that verifies any.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Desk, Person, browser } from "./desk.mjs";
import { toSign } from "./steps.mjs";

let desk, chromium, chief, first, second;

before(async () => {
  desk = await Desk.open();
  chromium = await browser();
  [chief, first, second] = [await Person.at(chromium), await Person.at(chromium), await Person.at(chromium)];
  await chief.open(desk.link());
});

after(async () => {
  await chromium?.close();
  await desk?.close();
});

const waitFor = (person, text) => person.page.waitForSelector(`h1:has-text("${text}")`, { timeout: 20000 });

// Makes a passkey by a link.
const make = async (person, link) => {
  await person.page.goto(link);
  await person.isGood("enrol");
  await person.page.click("main button.primary");
  await waitFor(person, "The passkey is made");
  await person.isGood("enrolled");
};

test("an officer is enrolled", async () => {
  await chief.go("people");
  await chief.page.fill("#label", "ops-1");
  await chief.page.fill("#office", "Operations");
  await chief.press("main form button.primary");
  await chief.isGood("people-link");
  await make(first, await chief.page.textContent(".bytes code"));
  const again = await first.page.goto(first.page.url());
  assert.equal(again.status(), 410, "the link is used up");
  await chief.go("people");
  await chief.isGood("people-waiting");
  await chief.press('button:has-text("Enrol now")');
  await chief.until("people", 'th:has-text("ops-1")');
  await chief.isGood("people");
});

test("a second one, by a link of the operator's, in Urdu on a telephone", async () => {
  const link = desk.link("--enrol", "ops-2", "--office", "Legal office");
  await second.page.setViewportSize({ width: 390, height: 800 });
  await second.page.goto(`${link}?lang=ur`);
  await second.isGood("enrol-ur");
  await second.page.click("main button.primary");
  await second.page.waitForSelector("b.mono", { timeout: 20000 });
  await chief.go("people");
  await chief.press('button:has-text("Enrol now")');
  await chief.until("people", 'th:has-text("ops-2")');
  await chief.page.setViewportSize({ width: 390, height: 800 });
  await chief.go("people", "?lang=ur");
  await chief.isGood("people-ur");
  await chief.go("people", "?lang=en");
  await chief.page.setViewportSize({ width: 1366, height: 900 });
});

// Signs in by a passkey, at the desk's own address.
const enter = async (person) => {
  await person.page.goto(new URL(chief.root).origin);
  await person.isGood("sign-in");
  await person.press("form[data-passkey-enters] button");
  person.root = chief.root;
};

test("they sign in", async () => {
  for (const [person, label] of [[first, "ops-1"], [second, "ops-2"]]) {
    await person.page.setViewportSize({ width: 1366, height: 900 });
    await enter(person);
    await person.go("", "?lang=en");
    await person.isGood("overview");
    assert.match(await person.text("footer"), new RegExp(`Signed in as ${label}`));
  }
});

const INCIDENT = {
  "f-kind": "fire",
  "f-time": "2026-01-05T10:00",
  "f-place": "10.25, -39.9 ± 500 m",
  "f-reported-grade": "serious",
  "f-harm": "civilians",
};

test("an act is signed by one passkey", async () => {
  await toSign(first, "incidents/new", { ...INCIDENT, text: "Seen from the second post." });
  await first.isGood("sign");
  const sign = first.page.url();
  await first.page.setViewportSize({ width: 390, height: 800 });
  await first.page.goto(`${sign}?lang=ur`);
  await first.isGood("sign-ur");
  await first.page.setViewportSize({ width: 1366, height: 900 });
  await first.page.goto(`${sign}?lang=en`);
  assert.equal(await first.page.inputValue("#by"), "ops-1", "one's own key is chosen");
  // Reading takes longer than a second.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await first.page.check('[name="ticked"]');
  await first.press("form[data-passkey-signs] button.primary");
  assert.match(await first.text("main"), /in the register as entry/);
});

test("who does not answer the device signs nothing", async () => {
  await toSign(first, "incidents/new", { ...INCIDENT, text: "Never said." });
  await first.cdp.send("WebAuthn.setUserVerified", { authenticatorId: first.authenticator, isUserVerified: false });
  await first.page.check('[name="ticked"]');
  await first.page.click("form[data-passkey-signs] button.primary");
  await first.page.waitForSelector('[data-says]:has-text("did not answer")');
  await first.cdp.send("WebAuthn.setUserVerified", { authenticatorId: first.authenticator, isUserVerified: true });
  assert.match(first.page.url(), /\/sign\//);
});

test("two officers sign one act with two passkeys", async () => {
  await toSign(first, "cases/new", { "f-bearer": "north", "f-provision": "p1", "f-grade": "minor" });
  await first.page.check('[name="ticked"]');
  await first.press("form[data-passkey-signs] button.primary");
  await first.until("cases?view=all", 'main a:has-text("CASE-")');
  const href = await first.page.locator('main a:has-text("CASE-")').first().getAttribute("href");
  const path = `${href.slice(new URL(chief.root).pathname.length)}/respond`;
  await toSign(first, path, { choice: "deny", text: "It was not so." });
  const sign = first.page.url().slice(chief.root.length);
  await first.page.selectOption("#by", "ops-1");
  await first.page.selectOption("#with", "ops-2");
  await first.page.check('[name="ticked"]');
  await first.press("form[data-passkey-signs] button.primary");
  assert.match(await first.text("main"), /ops-1, ops-2/);
  await first.isGood("sign-agreed");
  await second.go(sign);
  assert.equal(await second.page.inputValue("#by"), "ops-2");
  await second.page.check('[name="ticked"]');
  await second.press("form[data-passkey-signs] button.primary");
  assert.match(await second.text("main"), /in the register as entry/);
  await second.until(sign, ':text("It is final")');
  await second.isGood("signed");
});

test("signing out everywhere ends every session of a person", async () => {
  const elsewhere = await Person.at(chromium, { authenticator: false });
  await elsewhere.context.addCookies(await first.context.cookies());
  elsewhere.root = chief.root;
  assert.equal(await elsewhere.go(""), 200);
  await first.go("");
  await first.press('button:has-text("Sign out everywhere")');
  assert.equal(await elsewhere.go(""), 401);
  assert.equal(await second.go(""), 200, "others work on");
});

test("the register verifies, and links outlive a restart", async () => {
  const link = desk.link();
  await desk.stop();
  const said = desk.say("verify", desk.data());
  assert.match(said, /Nothing wrong found/);
  await desk.run();
  await chief.open(link);
  assert.match(chief.page.url(), /\/$/);
});
