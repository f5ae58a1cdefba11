// What is said later of what was said: an entry of one's own is corrected; what was written down on somebody's behalf, and not
// said so, is disowned; and that somebody could not be reached is said by whom the agreement lets say it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Five, browser } from "./desk.mjs";
import { fill, has, journey, on, signed, sit, toSign } from "./steps.mjs";
import { Words } from "./words.mjs";

journey("what is said later", (look) => {
  const words = new Words(look.lang);
  let five, chromium;
  const desks = {};

  before(async () => {
    chromium = await browser();
    five = await Five.open();
    for (const who of ["islamabad", "kabul", "doha", "secretariat"]) desks[who] = await sit(chromium, five.link(who), undefined, look);
  });

  after(async () => {
    await chromium?.close();
    await five?.close();
  });

  // The agreement's clocks are three hours ahead; a form has times on those.
  const ago = (hours) => new Date(five.now.getTime() + (3 - hours) * 3_600_000).toISOString().slice(0, 16);

  // The newest of a list: its path.
  const newest = async (person, list, state) => {
    const selector = `${has("main tbody tr", state)} th a`;
    await person.until(`${list}?view=all`, selector);
    const href = await person.page.locator(selector).first().getAttribute("href");
    return href.slice(new URL(person.root).pathname.length);
  };

  test("an entry of one's own is corrected, and both values stay", async () => {
    const { islamabad, doha } = desks;
    const incident = { "f-kind": "fire", "f-time": "2027-04-18T10:00", "f-place": "9.7470, -40.1172", "f-reported-grade": "minor" };
    await toSign(islamabad, "incidents/new", incident);
    await signed(islamabad);
    const matter = await newest(islamabad, "incidents", words.word("incident", "reported"));
    await islamabad.until(matter, 'a[href*="/relief/correct"]');
    await islamabad.press('a[href*="/relief/correct"]');
    await islamabad.isGood("correct");
    assert.equal(await islamabad.page.inputValue("#f-time"), "2027-04-18T10:00");
    await fill(islamabad, { "f-reported-grade": "serious" });
    await on(islamabad);
    await islamabad.isGood("correct-sign");
    const sheet = await islamabad.text("article.sheet");
    const was = (code) => words.message("correct-instead") + " " + words.word("incident", code);
    assert.ok(sheet.includes(words.word("incident", "serious") + was("minor")), sheet);
    assert.ok(!sheet.includes(was("fire")), sheet);
    await signed(islamabad);
    await doha.until(matter, has("ol.timeline", words.message("event-corrected")));
    assert.ok((await doha.text("main")).includes(words.word("incident", "serious")));
  });

  test("what was written down on one's behalf is confirmed, or disowned", async () => {
    const { islamabad, kabul, secretariat } = desks;
    await toSign(islamabad, "cases/new", { "f-bearer": "kabul", "f-provision": "p1", "f-grade": "minor", text: "Seen from the ridge." });
    await signed(islamabad);
    const matter = await newest(secretariat, "cases", words.word("case", "alleged"));
    await secretariat.go(matter);
    await secretariat.page.click(`aside summary:has-text("${words.party("kabul")}")`);
    await secretariat.press('aside a[href*="for=kabul"]');
    await on(secretariat);
    const effect = await secretariat.text("p.effect");
    assert.ok(effect.includes(words.message("effect-written-down")) && effect.includes(words.party("kabul")), effect);
    await signed(secretariat);
    await kabul.until(matter, 'a[href*="/relief/disown"]');
    const line = await kabul.text(has("ol.timeline li", words.message("written-for")));
    assert.ok(line.includes(words.party("kabul")), line);
    assert.equal(await kabul.page.locator('a[href*="/relief/confirm"]').count(), 1);
    await kabul.press('a[href*="/relief/disown"]');
    await kabul.isGood("disown");
    await on(kabul);
    await kabul.isGood("disown-sign");
    assert.ok((await kabul.text("p.effect")).includes(words.message("effect-disown")));
    await signed(kabul);
    await islamabad.until(matter, has("ol.timeline", words.message("written-for-disowned")));
  });

  test("that somebody could not be reached is said, and what moves is shown before", async () => {
    const { doha, kabul } = desks;
    await kabul.go("");
    assert.equal(await kabul.page.locator('aside.may a[href$="/cut"]').count(), 0, "a party says it of nobody");
    await doha.go("");
    await doha.press('aside.may a[href$="/cut"]');
    await doha.isGood("cut");
    await fill(doha, { whom: "kabul", since: ago(5), until: ago(3) });
    await on(doha);
    await doha.isGood("cut-sign");
    assert.match(await doha.text("p.effect"), new RegExp(`${words.party("kabul")},? ?${words.message("effect-cut")}`));
    await signed(doha);
    await doha.until("cut", `main li:has-text("${words.party("kabul")}")`);
  });
});
