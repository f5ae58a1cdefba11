// What a day is made of, by hand: an incident by the keyboard alone; and the six things that people open a desk for, each counted
// in actions, from left to right and from right to left, at a desk and on a telephone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Five, browser } from "./desk.mjs";
import { Hand, Keys, fill, has, isSigned, journey, on, signed, sit } from "./steps.mjs";
import { Words } from "./words.mjs";

journey("by hand", (look) => {
  const words = new Words(look.lang);
  let five, chromium, islamabad, kabul, doha;

  before(async () => {
    chromium = await browser();
    five = await Five.open();
    islamabad = await sit(chromium, five.link("islamabad"), undefined, look);
    kabul = await sit(chromium, five.link("kabul"), undefined, look);
    doha = await sit(chromium, five.link("doha"), undefined, look);
  });

  after(async () => {
    await chromium?.close();
    await five?.close();
  });

  test("an incident is filed and signed by the keyboard alone", async (t) => {
    await islamabad.go("");
    const keys = new Keys(islamabad);
    const began = Date.now();
    if (look.isPhone) {
      await keys.to("button.menu");
      await keys.press("Enter");
    }
    await keys.follow('nav.index a[href$="/incidents"]');
    await keys.skip();
    await keys.follow('main a[href$="/incidents/new"]');
    // Typing begins where the page puts the hand.
    assert.equal(await islamabad.page.evaluate(() => document.activeElement.id), "f-kind");
    await keys.pick(words.word("incident", "fire"));
    await keys.to("#f-time");
    await keys.type("04182027");
    await keys.press("Tab");
    await keys.type("1000AM");
    await keys.to("#f-place");
    await keys.type("9.7470, -40.1172 ± 500 m");
    await keys.to('[name="f-reported-grade"]');
    await keys.press("ArrowDown");
    await keys.press("ArrowDown");
    await keys.to("#text");
    await keys.type("Seen from the second post.");
    await keys.follow('button[name="go"][value="sign"]');
    assert.match(
      await islamabad.text("article.sheet"),
      new RegExp(`${words.word("incident", "fire")}[\\s\\S]*10:00[\\s\\S]*Seen from the second post`),
    );
    await keys.to('[name="ticked"]');
    await keys.press("Space");
    await keys.follow("aside button.primary");
    await isSigned(islamabad);
    const seconds = (Date.now() - began) / 1000;
    t.diagnostic(`${keys.count} keys, ${seconds.toFixed(1)} s`);
    // PRACTICE's two minutes are of a person; what the desk takes of them is this.
    assert.ok(seconds < 120, `${seconds} s`);
  });

  // One of the six: counted from the first page on, and held to five actions and half a minute.
  const MOST = 5;
  const SECONDS_MOST = 30;
  const counted = (what, most, does) =>
    test(what, async (t) => {
      const hand = await does();
      t.diagnostic(`${what}: ${hand.count} actions, ${hand.seconds.toFixed(1)} s`);
      assert.ok(hand.count <= most && most <= MOST, `${hand.count} actions`);
      assert.ok(hand.seconds <= SECONDS_MOST, `${hand.seconds} s`);
    });

  // Reads what will be signed, and signs it.
  const signs = async (hand) => {
    await hand.press('button[form="kept"][value="sign"]');
    await hand.tick('[name="ticked"]');
    await hand.press("aside button.primary");
    await isSigned(hand.person);
    return hand;
  };

  const isHere = async (person) => {
    const files = await person.text(".files");
    assert.ok(files.includes("note.txt") && files.includes(words.message("upload-whole")), files);
  };

  const note = { name: "note.txt", mimeType: "text/plain", buffer: Buffer.from("what was seen") };

  counted("what is asked of us, by when", 1, async () => {
    const hand = new Hand(islamabad);
    await hand.open("");
    const page = await islamabad.text("main");
    assert.ok(page.includes(words.message("asked-title")) && page.includes(words.party("islamabad")), page);
    assert.ok(await islamabad.page.isVisible("footer.foot a[href$='/record']"), "up to when the record is final");
    return hand;
  });

  counted("an incident is reported", 5, async () => {
    await islamabad.go("");
    const hand = new Hand(islamabad);
    await hand.press('aside.may a[href$="/incidents/new"]');
    await hand.pick("#f-kind", words.word("incident", "fire"));
    await hand.type("#f-time", "04182027\t1000AM");
    await hand.type("#f-place", "9.7470, -40.1172");
    await hand.tick('[name="f-reported-grade"][value="minor"]');
    return signs(hand);
  });

  counted("a call is logged", 5, async () => {
    await kabul.go("");
    const hand = new Hand(kabul);
    await hand.press('aside.may a[href*="/contacts/new?with=islamabad&tier=record"]');
    await hand.tick('[name="f-channel"][value="hotline"]');
    await hand.type("#text", "They said that the post is theirs.");
    await signs(hand);
    return hand;
  });

  counted("an answer is given", 5, async () => {
    const confirm = has("main table a", words.word("contact", "confirm"));
    await islamabad.until("", confirm);
    const hand = new Hand(islamabad);
    await hand.press(confirm);
    await hand.tick('[name="choice"][value="differ"]');
    await hand.type("#text", "We said that no post is there.");
    return signs(hand);
  });

  counted("evidence is handed over", 5, async () => {
    await islamabad.go("");
    const hand = new Hand(islamabad);
    await hand.choose(note);
    await isHere(islamabad);
    await hand.tick('[name="to"][value="doha"]');
    return signs(hand);
  });

  counted("evidence is dropped on a matter's page", 5, async () => {
    await kabul.until("", 'main tbody th a[href*="/incidents/"]');
    const hand = new Hand(kabul);
    await hand.press('main tbody th a[href*="/incidents/"]');
    await hand.drop(".tray", note);
    await isHere(kabul);
    return signs(hand);
  });

  counted("is the record whole", look.isPhone ? 3 : 2, async () => {
    await doha.go("");
    const hand = new Hand(doha);
    await hand.index("record");
    await hand.press('form[action$="/whole"] button');
    assert.ok((await doha.text("main")).includes(words.message("whole-good")));
    return hand;
  });

  test("an incident and a call, with a look at each page", async () => {
    await kabul.go("incidents/new");
    await kabul.isGood("form");
    await fill(kabul, { "f-kind": "fire", "f-time": "2027-04-18T10:00", "f-place": "9.7470, -40.1172", "f-reported-grade": "minor" });
    await kabul.page.fill("#text", "سڑک بہہ گئی ہے، ٹیم 4 (X-03 کے قریب) کل صبح 06:00 تک رکے گی۔");
    await on(kabul);
    await kabul.isGood("sign");
    await signed(kabul);
    await kabul.isGood("signed");
    await kabul.go("contacts/new?tier=record");
    await fill(kabul, { "tier": "record", "f-other": "doha", "f-channel": "phone", "f-time": "2027-04-19T02:00", text: "—" });
    await on(kabul);
    await signed(kabul);
    await kabul.go("contacts?view=all");
    await kabul.press("main tbody th a");
    await kabul.isGood("call");
  });

  test("the menu opens on a telephone", async () => {
    await islamabad.page.setViewportSize({ width: 390, height: 800 });
    await islamabad.go("");
    await islamabad.page.click("button.menu");
    await islamabad.page.waitForSelector("nav.index:popover-open");
    await islamabad.isGood("menu");
  });
});
