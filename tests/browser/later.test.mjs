// What is said later of what was said: an entry of one's own is corrected; what was written down on somebody's behalf, and not
// said so, is disowned; and that somebody could not be reached is said by whom the agreement lets say it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Five, browser } from "./desk.mjs";
import { fill, on, signed, sit, toSign } from "./steps.mjs";

let five, chromium;
const desks = {};

before(async () => {
  chromium = await browser();
  five = await Five.open();
  for (const who of ["islamabad", "kabul", "doha", "secretariat"]) desks[who] = await sit(chromium, five.link(who));
});

after(async () => {
  await chromium?.close();
  await five?.close();
});

// The agreement's clocks are three hours ahead; a form has times on those.
const ago = (hours) => new Date(five.now.getTime() + (3 - hours) * 3_600_000).toISOString().slice(0, 16);

// The newest of a list: its path.
const newest = async (person, list, words) => {
  const selector = `main tbody tr:has-text("${words}") th a`;
  await person.until(`${list}?view=all`, selector);
  const href = await person.page.locator(selector).first().getAttribute("href");
  return href.slice(new URL(person.root).pathname.length);
};

// Good from both sides, before it is signed: its form, and its sign page.
const isGood = async (person, name) => {
  const path = person.page.url().slice(person.root.length);
  for (const lang of ["ur", "en"]) {
    await person.go(path, `${path.includes("?") ? "&" : "?"}lang=${lang}`);
    await person.isGood(`${name}-${lang}`);
  }
};

test("an entry of one's own is corrected, and both values stay", async () => {
  const { islamabad, doha } = desks;
  const incident = { "f-kind": "fire", "f-time": "2027-04-18T10:00", "f-place": "9.7470, -40.1172", "f-reported-grade": "minor" };
  await toSign(islamabad, "incidents/new", incident);
  await signed(islamabad);
  const matter = await newest(islamabad, "incidents", "Reported");
  await islamabad.until(matter, 'a[href*="/relief/correct"]');
  await islamabad.press('a[href*="/relief/correct"]');
  await isGood(islamabad, "correct");
  assert.equal(await islamabad.page.inputValue("#f-time"), "2027-04-18T10:00");
  await fill(islamabad, { "f-reported-grade": "serious" });
  await on(islamabad);
  await isGood(islamabad, "correct-sign");
  assert.match(await islamabad.text("article.sheet"), /Serious, instead of Minor/);
  assert.doesNotMatch(await islamabad.text("article.sheet"), /instead of Fire/);
  await signed(islamabad);
  await doha.until(matter, 'ol.timeline:has-text("Corrected")');
  assert.match(await doha.text("main"), /Serious/);
});

test("what was written down on one's behalf is confirmed, or disowned", async () => {
  const { islamabad, kabul, secretariat } = desks;
  await toSign(islamabad, "cases/new", { "f-bearer": "kabul", "f-provision": "p1", "f-grade": "minor", text: "Seen from the ridge." });
  await signed(islamabad);
  const matter = await newest(secretariat, "cases", "Alleged");
  await secretariat.go(matter);
  await secretariat.page.click('aside summary:has-text("Kabul")');
  await secretariat.press('aside a[href*="for=kabul"]');
  await on(secretariat);
  assert.match(await secretariat.text("p.effect"), /writes down what Kabul says/);
  await signed(secretariat);
  await kabul.until(matter, 'a[href*="/relief/disown"]');
  assert.match(await kabul.text("ol.timeline"), /on behalf of Kabul, and not confirmed/);
  assert.equal(await kabul.page.locator('a[href*="/relief/confirm"]').count(), 1);
  await kabul.press('a[href*="/relief/disown"]');
  await isGood(kabul, "disown");
  await on(kabul);
  await isGood(kabul, "disown-sign");
  assert.match(await kabul.text("p.effect"), /is not its own/);
  await signed(kabul);
  await islamabad.until(matter, 'ol.timeline:has-text("says that it is not its own")');
});

test("that somebody could not be reached is said, and what moves is shown before", async () => {
  const { doha, kabul } = desks;
  await kabul.go("");
  assert.equal(await kabul.page.locator('aside.may a[href$="/cut"]').count(), 0, "a party says it of nobody");
  await doha.go("", "?lang=en");
  await doha.press('aside.may a[href$="/cut"]');
  await isGood(doha, "cut");
  await fill(doha, { whom: "kabul", since: ago(5), until: ago(3) });
  await on(doha);
  await isGood(doha, "cut-sign");
  assert.match(await doha.text("p.effect"), /Kabul could not be reached/);
  await signed(doha);
  await doha.until("cut", 'main li:has-text("Kabul")');
});
