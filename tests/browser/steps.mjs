// What people do at a desk, in more than one journey.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { Person } from "./desk.mjs";
import { Words } from "./words.mjs";

// In English at a desk, as journeys are made that are made once.
const DESK = { lang: "en", width: 1366 };

// How a journey is made: in English at a desk, and in Urdu on a telephone; or as `MITHAQ_LOOKS` says, as `ur-1366,en-390`.
const looks = process.env.MITHAQ_LOOKS?.split(",").map((look) => {
  const [lang, width] = look.split("-");
  return { lang, width: Number(width) };
}) ?? [DESK, { lang: "ur", width: 390 }];

// A journey, made anew in each look: `isFirst` says whether it is the first time.
export const journey = (what, does) => {
  for (const look of looks) {
    describe(`${what}, in ${look.lang} at ${look.width}`, () => does({ ...look, isFirst: look === looks[0], isPhone: look.width < 700 }));
  }
};

// A selector of what has these words in it.
export const has = (selector, ...words) => selector + words.map((word) => `:has-text(${JSON.stringify(word)})`).join("");

// Somebody sits down by a link, without a passkey, and says who they are.
export const sit = async (chromium, link, who, look = DESK) => {
  const person = await Person.at(chromium, { authenticator: false, width: look.width });
  person.look = look;
  person.words = new Words(look.lang);
  await person.open(link);
  await person.go("settings", `?lang=${look.lang}`);
  if (who) {
    await person.page.fill("#new", who);
    await person.press('button[value="who"]');
  }
  return person;
};

// An officer is invited by somebody who may, makes a passkey, is enrolled, and signs in with it.
export const enrolled = async (chromium, chief, label, office) => {
  await chief.go("people");
  await chief.page.fill("#label", label);
  await chief.page.fill("#office", office);
  await chief.press("main form button.primary");
  const officer = await Person.at(chromium, { width: chief.look.width });
  Object.assign(officer, { look: chief.look, words: chief.words });
  await officer.page.goto(await chief.page.textContent(".bytes code"));
  await officer.page.click("main button.primary");
  await officer.page.waitForSelector("b.mono", { timeout: 20000 });
  await chief.go("people");
  await chief.press(has("button", chief.words.message("people-enrol")));
  await chief.until("people", `th:has-text("${label}")`);
  officer.label = label;
  await enter(officer, chief.root);
  return officer;
};

// Signs in by a passkey, at the desk's own address.
export const enter = async (officer, root) => {
  officer.root = root;
  await officer.page.goto(new URL(root).origin);
  await officer.press("form[data-passkey-enters] button");
  await officer.go("", `?lang=${officer.look.lang}`);
};

// Fills the form that is shown in: of several values all are ticked, and a window has two.
export const fill = async (person, fields) => {
  for (const [name, value] of Object.entries(fields)) {
    const values = [value].flat();
    const list = person.page.locator(`select[name="${name}"]`);
    const choice = person.page.locator(`[name="${name}"][value="${values[0]}"]`);
    if (await choice.count()) {
      for (const one of values) await person.page.check(`[name="${name}"][value="${one}"]`);
    } else if (await list.count()) await list.selectOption(value);
    else for (const [at, one] of values.entries()) await person.page.locator(`[name="${name}"]`).nth(at).fill(one);
  }
};

// Goes on from a form to its sign page.
export const on = async (person) => {
  // The form may keep itself at an address of its own meanwhile, which a browser takes for a navigation, too.
  await person.page.click('button[form="kept"][value="sign"]');
  await person.page.waitForURL(/\/sign\//, { timeout: 20_000 }).catch(() => undefined);
  assert.match(person.page.url(), /\/sign\//, await person.text("main"));
};

// Fills a form in, and goes on to its sign page.
export const toSign = async (person, path, fields) => {
  await person.go(path);
  await fill(person, fields);
  await on(person);
};

// Ticks that it was read, and signs: with a passkey if this officer has one, and with a key that the desk keeps else.
export const sign = async (person) => {
  const own = person.label ? `[value="${person.label}"]` : ":not([data-passkey])";
  const option = person.page.locator(`select#by option${own}`).first();
  if (await option.count()) await person.page.selectOption("#by", await option.getAttribute("value"));
  await person.page.check('[name="ticked"]');
  await person.press("aside button.primary");
};

// Signs what was read, by which it is in the register or on its way there.
export const signed = async (person) => {
  await sign(person);
  await isSigned(person);
};

// That what was signed is in the register or on its way there is said. Where the register has gone on between reading and
// signing, what comes of it is another, and it is read and signed again.
export const isSigned = async (person) => {
  const { words } = person;
  let page = await person.text("main");
  if (page.includes(words.message("sign-changed"))) {
    await sign(person);
    page = await person.text("main");
  }
  assert.ok(["signed-entry", "signed-queued"].some((id) => page.includes(words.message(id))), page);
};

// Goes down a list to what is called so, as the hand does that is in it: letters of every script are not on every board.
const down = async (page, word, press) => {
  const is = () => document.activeElement.selectedOptions[0].textContent.trim();
  for (let tries = 0; (await page.evaluate(is)) !== word; tries += 1) {
    assert.ok(tries < 40, `the list has no ${word}`);
    await press("ArrowDown");
  }
};

// Somebody who works with the keyboard alone, and whose keys are counted: each that is pressed, and each sign that is typed.
export class Keys {
  constructor(person) {
    this.page = person.page;
    this.count = 0;
  }

  async press(key) {
    this.count += 1;
    await this.page.keyboard.press(key);
  }

  async type(text) {
    this.count += text.length;
    await this.page.keyboard.type(text);
  }

  // Goes on to what is wanted, from wherever the focus is.
  async to(selector) {
    const is = (selector) => document.activeElement?.matches(selector) ?? false;
    for (let tries = 0; tries < 150; tries += 1) {
      if (await this.page.evaluate(is, selector)) return;
      await this.press("Tab");
    }
    assert.fail(`the keyboard does not reach ${selector}`);
  }

  // Chooses in the list that the focus is in.
  async pick(word) {
    await down(this.page, word, (key) => this.press(key));
  }

  // Over the index, to what the page is about.
  async skip() {
    await this.to("a.skip");
    await this.press("Enter");
  }

  // Presses what is wanted, which leads to another page.
  async follow(selector) {
    await this.to(selector);
    await Promise.all([this.page.waitForEvent("load"), this.press("Enter")]);
  }
}

// Somebody whose actions are counted: each page that is opened by its address, each press and each file. What is typed is no
// action, nor the Tab that leads from one field to the next: but the hand has to be there, where the page begins.
export class Hand {
  constructor(person) {
    this.person = person;
    this.page = person.page;
    this.count = 0;
    this.began = Date.now();
  }

  // Seconds since the first of them.
  get seconds() {
    return (Date.now() - this.began) / 1000;
  }

  async open(path) {
    this.count += 1;
    assert.equal(await this.person.go(path), 200, path);
  }

  async press(selector) {
    this.count += 1;
    await this.person.press(selector);
  }

  // Goes where the index leads: on a telephone that is opened first.
  async index(path) {
    if (await this.page.isVisible("button.menu")) {
      this.count += 1;
      await this.page.click("button.menu");
    }
    await this.press(`nav.index a[href$="/${path}"]`);
  }

  async tick(selector) {
    this.count += 1;
    await this.person.page.check(selector);
  }

  // Puts the hand into a field.
  async touch(selector) {
    this.count += 1;
    await this.page.click(selector);
  }

  // Types at the keyboard, in a field that the hand is in, or that Tab leads to.
  async type(selector, text) {
    const is = (selector) => document.activeElement?.matches(selector) ?? false;
    for (let tries = 0; !(await this.page.evaluate(is, selector)); tries += 1) {
      assert.ok(tries < 20, `typing does not lead to ${selector}`);
      await this.page.keyboard.press("Tab");
    }
    for (const [at, part] of text.split("\t").entries()) {
      if (at > 0) await this.page.keyboard.press("Tab");
      await this.page.keyboard.type(part);
    }
  }

  // Chooses in a list with the keyboard, in the same way.
  async pick(selector, word) {
    await this.type(selector, "");
    await down(this.page, word, (key) => this.page.keyboard.press(key));
  }

  // Gives a file to a page that begins a draft with it.
  async choose(file) {
    this.count += 1;
    await Promise.all([this.page.waitForURL(/\/unsigned\//), this.page.setInputFiles("#file", file)]);
  }

  // The same, dropped on a part of it.
  async drop(selector, { name, mimeType, buffer }) {
    this.count += 1;
    const carried = await this.page.evaluateHandle(
      ([name, type, words]) => {
        const carried = new DataTransfer();
        carried.items.add(new File([words], name, { type }));
        return carried;
      },
      [name, mimeType, buffer.toString()],
    );
    await Promise.all([
      this.page.waitForURL(/\/unsigned\//),
      this.page.dispatchEvent(selector, "drop", { dataTransfer: carried }),
    ]);
  }
}
