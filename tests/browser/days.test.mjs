// Whole days at the five desks of the demo, which meet as nodes do: an allegation from its first word to its end, with
// passkeys; a call that each side tells in its own way; a meeting with an empty chair; a text that is bracketed, and adopted.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Five, browser } from "./desk.mjs";
import { enrolled, enter, signed, sit, toSign } from "./steps.mjs";

let five, chromium, desks, first, second;

before(async () => {
  chromium = await browser();
  five = await Five.open();
  desks = {};
  await open();
});

after(async () => {
  await chromium?.close();
  await five?.close();
});

// Somebody sits at each desk, with no passkey.
const open = async () => {
  for (const who of Object.keys(five.ports)) {
    await desks[who]?.context.close();
    desks[who] = await sit(chromium, five.link(who));
  }
};

// Days go by; whoever has a passkey signs in again.
const later = async (days) => {
  await five.days(days);
  await open();
  for (const officer of [first, second]) await enter(officer, officer.root);
};

// So many hours from when the desks opened, on the agreement's clocks.
const at = (hours) => new Date(five.now.getTime() + (hours + 3) * 3_600_000).toISOString().slice(0, 16);

// What is in a list, once it is there: its path.
const found = async (person, list, words) => {
  const selector = `main tbody tr:has-text("${words}") th a`;
  await person.until(`${list}?view=all`, selector);
  const href = await person.page.locator(selector).first().getAttribute("href");
  return href.slice(new URL(person.root).pathname.length);
};

const told = async (person, path) => {
  await person.go(path);
  return person.text("main");
};

// Words that were sealed, once they are here and open.
const says = (person, path, words) => person.until(path, `blockquote:has-text("${words}")`);

// What another did, once it is here: what follows from one's own act may be other then.
const heard = async (person, path, words) => {
  for (let tries = 0; tries < 60; tries += 1) {
    if ((await told(person, path)).includes(words)) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  assert.fail(`${path} does not come to say ${words}: ${await told(person, path)}`);
};

const stands = (person, path, words) => person.until(path, `ol.path:has-text("${words}")`);

test("two officers are enrolled with passkeys", async () => {
  const chief = desks.islamabad;
  first = await enrolled(chromium, chief, "duty-1", "Liaison office");
  second = await enrolled(chromium, chief, "legal-1", "Legal office");
});

let matter;

// Both facilitating States give the answer a day more: the second says the same by one press.
const moreTime = async () => {
  const { doha, ankara } = desks;
  await heard(doha, matter, "Islamabad: Acknowledge");
  await toSign(doha, `${matter}/relief/extend`, { clock: "respond", length: "1", unit: "days" });
  await doha.isGood("sign-relief");
  assert.match(await doha.text("main"), /waits for the others/);
  await signed(doha);
  await ankara.until(matter, 'aside button:has-text("Say the same")');
  await ankara.isGood("relief-waits");
  await ankara.press('aside button:has-text("Say the same")');
  await signed(ankara);
  await heard(first, matter, "Respond is due");
};

test("a case is opened by one, and answered by two officers of the other", async () => {
  const { kabul } = desks;
  await toSign(kabul, "cases/new", { "f-bearer": "islamabad", "f-provision": "p2", "f-grade": "minor", text: "Seen from the ridge." });
  await signed(kabul);
  matter = await found(first, "cases", "Alleged");
  await toSign(first, `${matter}/acknowledge`, {});
  await signed(first);
  await moreTime();
  await toSign(first, `${matter}/respond`, { choice: "deny", text: "It was not so." });
  const page = first.page.url().slice(first.root.length);
  await first.page.selectOption("#by", "duty-1");
  await first.page.selectOption("#with", "legal-1");
  await first.page.check('[name="ticked"]');
  await first.press("aside button.primary");
  assert.match(await first.text("main"), /duty-1, legal-1/);
  await second.go(page);
  await signed(second);
  await stands(kabul, matter, "whether that answers");
});

let call, text, meeting;

test("a call is told by both sides, and differently", async () => {
  const { islamabad, kabul } = desks;
  await toSign(kabul, "contacts/new?tier=record", {
    "tier": "record",
    "f-other": "islamabad",
    "f-channel": "hotline",
    "f-time": at(-1),
    text: "They said that the post is theirs, and empty.",
  });
  await signed(kabul);
  call = await found(islamabad, "contacts", "Logged");
  await says(islamabad, call, "the post is theirs");
  await toSign(islamabad, `${call}/confirm`, { choice: "differ", text: "We said that no post is there." });
  await signed(islamabad);
  await stands(kabul, call, "both stand");
  await says(kabul, call, "no post is there");
  assert.match(await told(kabul, call), /no post is there[\s\S]*the post is theirs/, "each side's words stand, under its name");
  await kabul.isGood("call-differs");
});

test("a text is tabled, bracketed, tabled again, and initialled", async () => {
  const { islamabad, kabul, doha } = desks;
  const words = "Each side keeps a line open by day.";
  await toSign(doha, "drafts/new?tier=record", { "tier": "record", "f-text": words, "f-part": "1", "f-number": "1" });
  await signed(doha);
  text = await found(kabul, "drafts", "Tabled");
  await toSign(kabul, `${text}/initial`, { choice: "bracket" });
  await signed(kabul);
  await heard(islamabad, text, "Kabul: Initial, Bracket");
  await toSign(islamabad, `${text}/initial`, { choice: "initial" });
  await signed(islamabad);
  await found(doha, "drafts", "Bracketed");
  await toSign(doha, `${text}/table-again`, { "f-text": "Each side keeps a line open by day and by night.", "f-number": "2" });
  await signed(doha);
  const read = `agreement/text/${text.split("/")[1]}`;
  await kabul.until(read, 'ins:has-text("and by night")');
  await kabul.isGood("text-redline");
  await toSign(kabul, `${text}/initial`, { choice: "initial" });
  await signed(kabul);
  await heard(islamabad, text, "Kabul: Initial, Initial");
  await toSign(islamabad, `${text}/initial`, { choice: "initial" });
  await signed(islamabad);
  await stands(doha, text, "Initialled by all");
});

test("a meeting is called", async () => {
  const { ankara } = desks;
  await toSign(ankara, "meetings/new", { "f-window": [at(24 * 5), at(24 * 9)] });
  await signed(ankara);
  meeting = await found(desks.secretariat, "meetings", "Called");
});

test("a week goes by, and silence does what is written", async () => {
  await later(8);
  await stands(first, matter, "looks into it");
  assert.match(await told(first, matter), /Assess/);
  await stands(desks.doha, text, "Agreed, word for word");
});

test("a meeting opens, and one chair is empty", async () => {
  const { ankara, islamabad, kabul, secretariat } = desks;
  await stands(secretariat, meeting, "each says on arrival");
  for (const [one, name, next] of [[islamabad, "Islamabad", ankara], [ankara, "Ankara", secretariat]]) {
    await toSign(one, `${meeting}/arrive`, {});
    await signed(one);
    await heard(next, meeting, `${name}: Arrive`);
  }
  await toSign(secretariat, `${meeting}/arrive`, {});
  await signed(secretariat);
  await stands(kabul, meeting, "the meeting is open");
  const page = await told(kabul, meeting);
  assert.match(page, /Secretariat: Arrive[\s\S]*Ankara: Arrive[\s\S]*Islamabad: Arrive/);
  assert.doesNotMatch(page, /Kabul: Arrive/, "who is not there is not said to be");
  await kabul.isGood("meeting-empty-chair");
});

test("the case is settled by both, and over", async () => {
  const { kabul } = desks;
  await toSign(kabul, `${matter}/settle`, {});
  await signed(kabul);
  await heard(first, matter, "Kabul: Settle");
  await toSign(first, `${matter}/settle`, {});
  await signed(first);
  await stands(kabul, matter, "Settled between the parties");
  assert.equal(await kabul.page.locator("dl.clocks, .clocks").count(), 0, "no clock runs in it");
});
