// Whole days at the five desks of the demo, which meet as nodes do: an allegation from its first word to its end, with
// passkeys; a call that each side tells in its own way; a meeting with an empty chair; a text that is bracketed, and adopted.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Five, browser } from "./desk.mjs";
import { enrolled, enter, has, journey, signed, sit, toSign } from "./steps.mjs";
import { Words } from "./words.mjs";

journey("whole days", (look) => {
  const words = new Words(look.lang);
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
      desks[who] = await sit(chromium, five.link(who), undefined, look);
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

  // What is in a list, once it stands so: its path.
  const found = async (person, list, kind, state) => {
    const selector = `${has("main tbody tr", words.word(kind, state))} th a`;
    await person.until(`${list}?view=all`, selector);
    const href = await person.page.locator(selector).first().getAttribute("href");
    return href.slice(new URL(person.root).pathname.length);
  };

  const told = async (person, path) => {
    await person.go(path);
    return person.text("main");
  };

  // Words that were sealed, once they are here and open.
  const says = (person, path, said) => person.until(path, has("blockquote", said));

  // What another did, once it is here: what follows from one's own act may be other then.
  const heard = (person, path, ...said) => person.until(path, has("ol.timeline li", ...said));

  // The same, of one who said the first and not the second: the names of a step and of its choice may be one word.
  const heardBut = (person, path, who, said, but) =>
    person.until(path, `${has("ol.timeline li", words.party(who), said)}:not(:has-text(${JSON.stringify(but)}))`);

  const stands = (person, path, kind, state) => person.until(path, has("ol.path", words.state(kind, state)));

  test("two officers are enrolled with passkeys", async () => {
    const chief = desks.islamabad;
    first = await enrolled(chromium, chief, "duty-1", "Liaison office");
    second = await enrolled(chromium, chief, "legal-1", "Legal office");
  });

  let matter;

  // Both facilitating States give the answer a day more: the second says the same by one press.
  const moreTime = async () => {
    const { doha, ankara } = desks;
    await heard(doha, matter, words.party("islamabad"), words.word("case", "acknowledge"));
    await toSign(doha, `${matter}/relief/extend`, { clock: "respond", length: "1", unit: "days" });
    await doha.isGood("sign-relief");
    assert.ok((await doha.text("main")).includes(words.message("relief-waits")));
    await signed(doha);
    const same = has("aside button", words.message("relief-same"));
    await ankara.until(matter, same);
    await ankara.isGood("relief-waits");
    await ankara.press(same);
    await signed(ankara);
    await heard(first, matter, words.word("case", "respond"), words.message("event-moved"));
  };

  test("a case is opened by one, and answered by two officers of the other", async () => {
    const { kabul } = desks;
    await toSign(kabul, "cases/new", { "f-bearer": "islamabad", "f-provision": "p2", "f-grade": "minor", text: "Seen from the ridge." });
    await signed(kabul);
    matter = await found(first, "cases", "case", "alleged");
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
    await stands(kabul, matter, "case", "answered");
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
    call = await found(islamabad, "contacts", "contact", "logged");
    await says(islamabad, call, "the post is theirs");
    await toSign(islamabad, `${call}/confirm`, { choice: "differ", text: "We said that no post is there." });
    await signed(islamabad);
    await stands(kabul, call, "contact", "differs");
    await says(kabul, call, "no post is there");
    assert.match(await told(kabul, call), /no post is there[\s\S]*the post is theirs/, "each side's words stand, under its name");
    await kabul.isGood("call-differs");
  });

  test("a text is tabled, bracketed, tabled again, and initialled", async () => {
    const { islamabad, kabul, doha } = desks;
    const line = "Each side keeps a line open by day.";
    await toSign(doha, "drafts/new?tier=record", { "tier": "record", "f-text": line, "f-part": "1", "f-number": "1" });
    await signed(doha);
    text = await found(kabul, "drafts", "draft", "tabled");
    await toSign(kabul, `${text}/initial`, { choice: "bracket" });
    await signed(kabul);
    await heard(islamabad, text, words.party("kabul"), words.word("draft", "bracket"));
    await toSign(islamabad, `${text}/initial`, { choice: "initial" });
    await signed(islamabad);
    await found(doha, "drafts", "draft", "bracketed");
    await toSign(doha, `${text}/table-again`, { "f-text": "Each side keeps a line open by day and by night.", "f-number": "2" });
    await signed(doha);
    const read = `agreement/text/${text.split("/")[1]}`;
    await kabul.until(read, 'ins:has-text("and by night")');
    await kabul.isGood("text-redline");
    await toSign(kabul, `${text}/initial`, { choice: "initial" });
    await signed(kabul);
    await heardBut(islamabad, text, "kabul", words.word("draft", "initial"), words.word("draft", "bracket"));
    await toSign(islamabad, `${text}/initial`, { choice: "initial" });
    await signed(islamabad);
    await stands(doha, text, "draft", "initialled");
  });

  test("a meeting is called", async () => {
    const { ankara } = desks;
    await toSign(ankara, "meetings/new", { "f-window": [at(24 * 5), at(24 * 9)] });
    await signed(ankara);
    meeting = await found(desks.secretariat, "meetings", "meeting", "called");
  });

  test("a week goes by, and silence does what is written", async () => {
    await later(8);
    await stands(first, matter, "case", "verification");
    assert.ok((await told(first, matter)).includes(words.word("case", "assess")));
    await stands(desks.doha, text, "draft", "agreed");
  });

  test("a meeting opens, and one chair is empty", async () => {
    const { ankara, islamabad, kabul, secretariat } = desks;
    await stands(secretariat, meeting, "meeting", "gathering");
    const arrive = words.word("meeting", "arrive");
    for (const [one, name, next] of [[islamabad, "islamabad", ankara], [ankara, "ankara", secretariat]]) {
      await toSign(one, `${meeting}/arrive`, {});
      await signed(one);
      await heard(next, meeting, words.party(name), arrive);
    }
    await toSign(secretariat, `${meeting}/arrive`, {});
    await signed(secretariat);
    await stands(kabul, meeting, "meeting", "in-session");
    const page = await told(kabul, meeting);
    const at = ["secretariat", "ankara", "islamabad"].map((name) => page.indexOf(`${words.party(name)}: ${arrive}`));
    assert.ok(at[0] > 0 && at[0] < at[1] && at[1] < at[2], page);
    assert.ok(!page.includes(`${words.party("kabul")}: ${arrive}`), "who is not there is not said to be");
    await kabul.isGood("meeting-empty-chair");
  });

  test("the case is settled by both, and over", async () => {
    const { kabul } = desks;
    await toSign(kabul, `${matter}/settle`, {});
    await signed(kabul);
    await heard(first, matter, words.party("kabul"), words.word("case", "settle"));
    await toSign(first, `${matter}/settle`, {});
    await signed(first);
    await stands(kabul, matter, "case", "settled");
    assert.equal(await kabul.page.locator("dl.clocks, .clocks").count(), 0, "no clock runs in it");
  });
});
