// A night at a desk: the watch is taken, kept and handed over; what was written outlives a kill, and stands on paper.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Desk, browser } from "./desk.mjs";
import { sit } from "./steps.mjs";

// A name without end, and words of both directions.
const URDU = "وچ مانڑئی کے نیچے سڑک بہہ گئی ہے، ٹیم 4 (X-03 کے قریب) کل صبح 06:00 تک رکے گی۔";
const LONG = `Liaison office for the ${"north-western ".repeat(9)}sector`;

let desk, chromium, night, day;

const write = async (person, says, { kind = "note" } = {}) => {
  await person.go("watch");
  const form = person.page.locator("form.filter:has(textarea)");
  await form.locator("select").selectOption(kind);
  await form.locator("textarea").fill(says);
  await Promise.all([person.page.waitForEvent("load"), form.locator("button").click()]);
};

before(async () => {
  desk = await Desk.open();
  chromium = await browser();
  [night, day] = [await sit(chromium, desk.link(), "ops-1"), await sit(chromium, desk.link(), "ops-2")];
});

after(async () => {
  await chromium?.close();
  await desk?.close();
});

test("the watch is taken, and its log kept", async () => {
  await night.go("watch");
  await night.isGood("watch-empty");
  await night.press('form[action$="/begin"] button');
  await write(night, URDU, { kind: "team" });
  await write(night, "Team 4 missed the 07:40 check.", { kind: "danger" });
  await write(night, "Hotline tested, both sides answered within 40 seconds.");
  await night.press("tbody th a");
  await night.page.fill("#says", "Hotline tested, both sides answered within 30 seconds.");
  await night.press('button[value="correct"]');
  assert.equal(await night.page.locator("s").innerText(), "Hotline tested, both sides answered within 40 seconds.");
  assert.equal(await night.page.locator("tbody .danger").count(), 1);
});

test("a task is set, a number tested by one press", async () => {
  await night.go("worklist");
  const task = night.page.locator("form.filter:has([name=says])");
  await task.locator("[name=says]").fill("Ask again about the road");
  await task.locator("[name=who]").fill("ops-2");
  await Promise.all([night.page.waitForEvent("load"), task.locator("button").click()]);
  await night.go("directory/new");
  await night.page.fill("#office", LONG);
  await night.page.locator("[name=number-is]").first().selectOption("hotline");
  await night.page.locator("[name=number]").first().fill("+000 555 0100");
  await night.press('button[value="keep"]');
  await night.press('button[value="answered"]');
  assert.match(await night.text("tbody"), /Answered/);
});

test("what was written outlives a kill", async () => {
  const before = desk.process.pid;
  const ended = new Promise((resolve) => desk.process.once("exit", resolve));
  process.kill(before, "SIGKILL");
  await ended;
  await desk.run();
  [night, day] = [await sit(chromium, desk.link(), "ops-1"), await sit(chromium, desk.link(), "ops-2")];
  await night.go("watch");
  const log = await night.text("tbody >> nth=0");
  for (const says of [URDU, "Team 4 missed the 07:40 check.", "within 30 seconds.", LONG]) assert.ok(log.includes(says), says);
});

test("each page is good, in both languages, at a desk and on a telephone", async () => {
  const pages = ["", "watch", "watch?view=all", "watch/hand-over", "worklist", "directory", "directory/new", "directory/import"];
  for (const [width, lang] of [[1366, "en"], [390, "en"], [1366, "ur"], [390, "ur"]]) {
    await night.page.setViewportSize({ width, height: 900 });
    for (const page of [...pages, "good-offices", "settings", "access", "held"]) {
      assert.equal(await night.go(page, `${page.includes("?") ? "&" : "?"}lang=${lang}`), 200, page);
      await night.isGood(`${page.replaceAll(/[/?=]/g, "-") || "overview"}-${lang}-${width}`);
    }
  }
  await night.go("", "?lang=en");
});

test("it is handed over, and both confirm", async () => {
  await night.go("watch/hand-over");
  assert.match(await night.text("tbody"), /Ask again about the road/);
  await night.page.fill("#taker", "ops-2");
  await night.page.fill("#says", URDU);
  await night.press("main form button.primary");
  await night.isGood("handover-given");
  assert.equal(await night.page.locator('button[value="take"]').count(), 0, "nobody takes what they gave");
  await day.go("watch");
  await day.press('a[href*="/hand-over/"]');
  await day.press('button[value="take"]');
  assert.match(await day.text(".check"), /ops-1 confirmed, and handed over[\s\S]*ops-2 confirmed, and took the watch/);
  await day.isGood("handover-taken");
  await day.go("watch");
  assert.match(await day.text("h1 + .note"), /^ops-2 has had the watch/);
});

test("it stands on paper, without anything to press", async () => {
  for (const page of ["watch?view=all", "directory", "worklist"]) {
    await day.go(page);
    await day.page.emulateMedia({ media: "print" });
    const pressed = await day.page.locator("main button:visible, main input:visible, main summary:visible").count();
    assert.equal(pressed, 0, page);
    const paper = await day.page.pdf({ format: "A4" });
    assert.equal(paper.subarray(0, 5).toString(), "%PDF-", page);
    await day.page.emulateMedia({ media: "screen" });
  }
});
