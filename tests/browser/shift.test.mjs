// A night at one of five desks, to its handover: what comes in from the others, a call that becomes an act and is confirmed by the
// other side, a notice to third ones, a power cut, and the morning.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Five, browser } from "./desk.mjs";
import { Hand, fill, has, journey, on, signed, sit, toSign } from "./steps.mjs";
import { Words } from "./words.mjs";
import { onPaper, pages } from "./paper.mjs";

journey("a night on five nodes", (look) => {
  const words = new Words(look.lang);
  const CALL = "Kabul called by the hotline: a herd has crossed, and goes back at first light. ریوڑ";
  const TEAM = "Team 4 missed the 07:40 check; heard again at 07:55.";
  let five, chromium, night, day, kabul, doha;

  before(async () => {
    chromium = await browser();
    five = await Five.open();
    kabul = await sit(chromium, five.link("kabul"), undefined, look);
    doha = await sit(chromium, five.link("doha"), undefined, look);
    await open();
  });

  after(async () => {
    await chromium?.close();
    await five?.close();
  });

  // The two of the night and of the day sit at Islamabad's desk.
  const open = async () => {
    for (const one of [night, day]) await one?.context.close();
    night = await sit(chromium, five.link("islamabad"), "ops-1", look);
    day = await sit(chromium, five.link("islamabad"), "ops-2", look);
  };

  // The newest of a list that stands so: its path.
  const newest = async (person, list, kind, state) => {
    const selector = `${has("main tbody tr", words.word(kind, state))} th a`;
    await person.until(`${list}?view=all`, selector);
    const href = await person.page.locator(selector).first().getAttribute("href");
    return href.slice(new URL(person.root).pathname.length);
  };

  const write = async (kind, says) => {
    await night.go("watch");
    const form = night.page.locator("form.filter:has(textarea)");
    await form.locator("select").selectOption(kind);
    await form.locator("textarea").fill(says);
    await Promise.all([night.page.waitForEvent("load"), form.locator("button").click()]);
  };

  let call, incident, notice;

  test("the watch is taken, and a call is logged as it comes", async () => {
    await night.go("watch");
    await night.press('form[action$="/begin"] button');
    await write("contact", CALL);
    await night.press(`${has("main tbody tr", CALL)} th a`);
    await night.page.selectOption("#kind", "contact");
    await night.press('button[value="draft"]');
    assert.equal(await night.page.inputValue("#text"), CALL, "the words are there");
    await fill(night, { "tier": "record", "f-other": "kabul", "f-channel": "hotline" });
    await on(night);
    await night.isGood("night-call-sign");
    await signed(night);
    call = await newest(kabul, "contacts", "contact", "logged");
  });

  test("the other side reads it and agrees, and reports what it saw; a third is given notice", async () => {
    await kabul.until(call, has("blockquote", "a herd has crossed"));
    await toSign(kabul, `${call}/confirm`, { choice: "agree" });
    await signed(kabul);
    const seen = { "f-kind": "fire", "f-time": "2027-04-18T22:00", "f-place": "9.7470, -40.1172", "f-reported-grade": "serious" };
    await toSign(kabul, "incidents/new", { ...seen, text: "Shots at the ford, seen from the second post." });
    await signed(kabul);
    await toSign(kabul, "notices/new", { "f-told": ["doha", "ankara"], text: "Of what was seen at the ford." });
    await signed(kabul);
    notice = await newest(doha, "notices", "notice", "sent");
  });

  test("all of it is in the night's log, which was asked for nothing", async () => {
    incident = await newest(night, "incidents", "incident", "reported");
    const reference = (path) => path.split("/")[1];
    for (const path of [call, incident, notice]) await night.until("watch?view=all", has("main tbody tr", reference(path)));
    await night.until(call, has("ol.path", words.state("contact", "agreed")));
    await night.go("watch?view=all");
    await night.isGood("night-log");
  });

  test("the power goes, and nothing that was written is lost", async () => {
    await write("team", TEAM);
    await night.go("worklist");
    const task = night.page.locator("form.filter:has([name=says])");
    await task.locator("[name=says]").fill("Ask Kabul whether the herd is back");
    await task.locator("[name=reference]").fill(call.split("/")[1]);
    await task.locator("[name=who]").fill("ops-2");
    await Promise.all([night.page.waitForEvent("load"), task.locator("button").click()]);
    await five.cut("islamabad");
    await open();
    await night.go("watch?view=all");
    const log = await night.text("main");
    for (const says of [CALL, TEAM]) assert.ok(log.includes(says), says);
  });

  test("it is handed over, and taken, in few actions", async (t) => {
    const gives = new Hand(night);
    await gives.open("watch/hand-over");
    const items = await night.text("main");
    for (const says of ["Ask Kabul whether the herd is back", notice.split("/")[1]]) assert.ok(items.includes(says), items);
    await gives.touch("#taker");
    await gives.type("#taker", "ops-2");
    await gives.type("#says", "The herd is to be back at first light. ریوڑ");
    await gives.press("main form button.primary");
    await night.isGood("night-given");
    assert.equal(await night.page.locator('button[value="take"]').count(), 0, "nobody takes what they gave");
    const takes = new Hand(day);
    await takes.open("watch");
    await takes.press('a[href*="/watch/hand-over/"]');
    assert.match(await day.text("main"), /first light/);
    await takes.press('button[value="take"]');
    assert.ok((await day.text(".check")).includes("ops-2"));
    await day.isGood("night-taken");
    t.diagnostic(`given in ${gives.count} actions, taken in ${takes.count}`);
    assert.ok(gives.count <= 5 && takes.count <= 5);
    await day.go("watch?view=all");
    assert.ok((await day.text("main")).includes(words.message("watch-handover")), "the log says that the watch went on");
  });

  test("the night goes on paper, for who never logs in", async () => {
    await day.go("watch?view=all");
    const sheets = pages(await day.page.pdf({ format: "A4" }));
    const all = sheets.join("");
    for (const says of ["Team 4 missed the 07:40 check", call.split("/")[1], incident.split("/")[1]]) assert.ok(all.includes(onPaper(says)), says);
    for (const [at, sheet] of sheets.entries()) assert.match(sheet, new RegExp(`${at + 1}/${sheets.length}`));
  });
});
