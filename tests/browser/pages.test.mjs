// Every page that the desk's own table of routes has, so that a new one can't be left out: in both languages, at a desk and on
// a telephone, with the story in it, with nothing, under very long names, with ten thousand matters, and where something is wrong.
// axe judges each; `cargo xtask shots` keeps a picture of each.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { Desk, Five, Person, Start, browser } from "./desk.mjs";
import { onPaper, pages } from "./paper.mjs";
import { fill, signed, sit, toSign } from "./steps.mjs";
import { Words } from "./words.mjs";

const AGREEMENT = "/{agreement}/";

// What is read of a route that is a page: paths below the agreement's, some of which are found on another page.
const PAGES = {
  "": [""],
  "agreement": ["agreement"],
  "agreement/text/{reference}": (at) => at.texts,
  "agreement/{kind}": (at) => at.procedures,
  "record": ["record"],
  "record/{entry}": ["record/0", "record/20"],
  "map/places": ["map/places"],
  "alerts": ["alerts"],
  "feed": ["feed"],
  "people": ["people"],
  "new": ["new"],
  "unsigned": ["unsigned"],
  "unsigned/{draft}": (at) => [at.draft],
  "sign/{draft}": (at) => [at.sign],
  "watch": ["watch", "watch?view=all"],
  "watch/hand-over": ["watch/hand-over"],
  "watch/hand-over/{handover}": (at) => at.handover,
  "watch/{line}": (at) => at.line,
  "worklist": ["worklist"],
  "worklist/{task}": (at) => at.task,
  "directory": ["directory"],
  "directory/new": ["directory/new"],
  "directory/import": ["directory/import"],
  "directory/{post}": (at) => at.post,
  "evidence": ["evidence"],
  "evidence/offer": ["evidence/offer"],
  "evidence/{exhibit}": (at) => at.exhibits,
  "evidence/{exhibit}/{deed}": (at) => at.exhibits.flatMap((one) => ["hold", "challenge", "grant"].map((deed) => `${one}/${deed}`)),
  "good-offices": ["good-offices"],
  "notes": ["notes"],
  "cut": ["cut"],
  "held": ["held"],
  "access": ["access"],
  "settings": ["settings"],
  "search": ["search?q=ridge"],
  "teams": ["teams"],
  "help": ["help"],
  "help/{topic}": (at) => at.topics,
  "{kind}": (at) => at.kinds.map((kind) => `${kind}?view=all`),
  "{kind}/map": (at) => at.kinds.filter((kind) => ["incidents", "visits"].includes(kind)).map((kind) => `${kind}/map`),
  "{kind}/new": (at) => at.kinds.map((kind) => `${kind}/new`),
  "{kind}/{reference}": (at) => at.matters,
  "{kind}/{reference}/{step}": (at) => at.steps,
  "{kind}/{reference}/relief/{relief}": (at) => ["extend", "suspend", "resume", "set-aside"].map((one) => `${at.matters[0]}/relief/${one}`),
};

// Why a route is no page to look at. The way in and the making of a passkey are looked at in the journeys that go through them.
const NO_PAGES = {
  "/": "leads on",
  "/in/{token}": "the way in",
  "/enrol/{token}": "a passkey is made",
  "/assets/{edition}/{name}": "a file",
  "/assets/{edition}/fonts/{font}": "a file",
  "/assets/{edition}/glyphs/{stack}/{range}": "a file",
  "/register/checkpoint": "a file",
  "/register/tile/{level}/{*tile}": "a file",
  "/register/tile/entries/{*tile}": "a file",
  "/register/annex/{hash}": "a file",
  "record/verifier": "a file",
  "record/contradictions/{number}": "a file",
  "record/{entry}/proof": "a file",
  "map/about": "what a map is drawn from",
  "map/base/{z}/{x}/{y}": "a tile",
  "{kind}/map/{z}/{x}/{y}": "a tile",
  "events": "goes on and on",
  "feed.atom": "a feed",
  "live.csv": "a table for programs",
  "people/{officer}/draft": "a file",
};

const INCIDENT = { "f-kind": "fire", "f-time": "2027-04-18T10:00", "f-place": "9.7470, -40.1172", "f-reported-grade": "serious" };

const routes = () => {
  const table = readFileSync(new URL("../../crates/desk/src/web/routes.rs", import.meta.url), "utf8");
  const paths = [...table.matchAll(/\bget\(\s*"([^"]+)"/g)].map(([, path]) => path);
  return paths.map((path) => (path.startsWith(AGREEMENT) ? path.slice(AGREEMENT.length) : path));
};

const all = process.env.MITHAQ_SHOTS !== undefined;
// In a picture book all four; else the two that have the most to go wrong.
const LOOKS = all
  ? [[1366, "en"], [390, "en"], [1366, "ur"], [390, "ur"]]
  : [[1366, "en"], [390, "ur"]];

// A register of ten thousand incidents, which `cargo xtask shots` has made.
const many = process.env.MITHAQ_MANY;

let five, empty, chromium;

before(async () => {
  chromium = await browser();
  [five, empty] = [await Five.open(), await Desk.open()];
});

after(async () => {
  await chromium?.close();
  await five?.close();
  await empty?.close();
});

const named = (path, state, lang, width) => `${path.replaceAll(/[^a-zA-Z0-9-]+/g, "-") || "overview"}.${state}.${lang}-${width}`;

// All that is wrong is said, not the first alone. Where no pictures are made, one page of each route is enough; each is looked at in
// the dark and close together, too, and walked through by Tab.
const look = async (person, paths, state, { expected = 200, isWhole = false } = {}) => {
  const wrongs = [];
  for (const [width, lang] of LOOKS) {
    await person.page.setViewportSize({ width, height: 900 });
    for (const path of paths) {
      try {
        assert.equal(await person.go(path, `${path.includes("?") ? "&" : "?"}lang=${lang}`), expected, path);
        const name = named(path, state, lang, width);
        await person.isGood(name);
        if (isWhole) await person.isGoodInTheDarkAndDense(name);
        if (isWhole && width > 700) await person.isReached(name);
      } catch (wrong) {
        wrongs.push(wrong.message);
      }
    }
  }
  await person.go("", "?lang=en");
  return wrongs;
};

// The paths that links on a page lead to, below the agreement's.
const links = async (person, path, selector) => {
  await person.go(path, path.includes("?") ? "&lang=en" : "?lang=en");
  const all = await person.page.locator(selector).evaluateAll((all) => all.map((one) => one.pathname));
  const root = new URL(person.root).pathname;
  return [...new Set(all)].filter((href) => href.startsWith(root)).map((href) => href.slice(root.length));
};

// What one who has worked here for a while has: something begun, a line in the log, a task, a number, a watch handed over.
const work = async (person) => {
  await person.go("incidents/new", "?lang=en");
  await fill(person, INCIDENT);
  await person.page.fill("#text", `Seen from the ${"north-western ".repeat(12)}post; سڑک بہہ گئی ہے (X-03).`);
  await person.press('button[form="kept"][value="sign"]');
  const sign = person.page.url().slice(person.root.length);
  await person.go("watch");
  await person.press('form[action$="/begin"] button');
  await person.page.fill("main form.filter textarea", "Team 4 missed the 07:40 check.");
  await Promise.all([person.page.waitForEvent("load"), person.page.locator("form.filter:has(textarea) button").click()]);
  await person.go("worklist");
  const task = person.page.locator("form.filter:has([name=says])");
  await task.locator("[name=says]").fill("Ask again about the road");
  await Promise.all([person.page.waitForEvent("load"), task.locator("button").click()]);
  await person.go("directory/new");
  await person.page.fill("#office", `Liaison office for the ${"north-western ".repeat(9)}sector`);
  await person.page.locator("[name=number-is]").first().selectOption("hotline");
  await person.page.locator("[name=number]").first().fill("+000 555 0100");
  await person.press('button[value="keep"]');
  await person.go("watch/hand-over");
  await person.page.fill("#taker", "ops-2");
  await person.press("main form button.primary");
  const handover = person.page.url().slice(person.root.length);
  return { sign, draft: sign.replace("sign/", "unsigned/"), handover: [handover] };
};

test("every route is a page that is looked at, or is said to be none", () => {
  const known = [...Object.keys(PAGES), ...Object.keys(NO_PAGES)];
  assert.deepEqual([...new Set(routes())].sort(), known.sort());
});

test("each page is good with the story in it", async () => {
  const person = await sit(chromium, five.link("islamabad"), "duty-1");
  const at = await work(person);
  const index = await links(person, "", "nav.index a");
  const own = new Set(Object.keys(PAGES));
  at.kinds = index.filter((path) => path && !own.has(path));
  at.matters = [];
  for (const kind of at.kinds) at.matters.push(...(await links(person, `${kind}?view=all`, "main tbody th a")).slice(0, 1));
  at.steps = [];
  for (const matter of at.matters) at.steps.push(...(await links(person, matter, 'aside.may a:not([href^="#"])')).slice(0, 2));
  at.topics = (await links(person, "help", "main a")).filter((path) => path.startsWith("help/"));
  at.line = (await links(person, "watch", "tbody th a")).slice(0, 1);
  at.task = (await links(person, "worklist", "tbody th a")).filter((path) => path.startsWith("worklist/")).slice(0, 1);
  at.post = (await links(person, "directory", "tbody th a")).slice(0, 1);
  at.exhibits = (await links(person, "evidence", "tbody th a")).slice(0, 1);
  at.procedures = (await links(person, "agreement", "main a")).filter((path) => /^agreement\/[a-z-]+$/.test(path));
  at.texts = (await links(person, "agreement", "main a")).filter((path) => path.startsWith("agreement/text/")).slice(0, 2);
  const wrongs = [];
  for (const [route, paths] of Object.entries(PAGES)) {
    const found = typeof paths === "function" ? paths(at) : paths;
    assert.ok(found.length > 0, `nothing is found for ${route}`);
    wrongs.push(...(await look(person, all ? found : found.slice(0, 1), "full", { isWhole: !all })));
  }
  assert.equal(wrongs.length, 0, wrongs.join("\n"));
});

test("each page that needs nothing is good with nothing in it", async () => {
  const person = await sit(chromium, empty.link());
  const paths = Object.values(PAGES).filter(Array.isArray).flat().filter((path) => path !== "record/20");
  const lists = ["incidents", "cases", "contacts", "incidents/map"];
  assert.deepEqual(await look(person, all ? [...paths, ...lists] : ["", ...lists], "empty"), []);
});

// What a page is called in a picture's name, and where it is, for whoever has no session.
const outside = async (paths, state, expected) => {
  const wrongs = [];
  const stranger = await Person.at(chromium, { authenticator: false });
  for (const [name, address] of paths) {
    for (const [width, lang] of LOOKS) {
      await stranger.page.setViewportSize({ width, height: 900 });
      try {
        const answer = await stranger.page.goto(`${address}?lang=${lang}`);
        assert.equal(answer.status(), expected, name);
        await stranger.isGood(named(name, state, lang, width));
      } catch (wrong) {
        wrongs.push(wrong.message);
      }
    }
  }
  await stranger.context.close();
  return wrongs;
};

test("the ways in are good, and so are they where they lead nowhere", async () => {
  const person = await sit(chromium, empty.link());
  await person.go("people");
  await person.page.fill("#label", "duty-9");
  await person.page.fill("#office", "Duty office");
  await person.press("main form button.primary");
  const enrol = await person.page.textContent(".bytes code");
  const link = empty.link();
  const here = new URL(person.root).origin;
  const none = "A".repeat(43);
  const wrongs = await outside([["in", link], ["enrol", enrol]], "outside", 200);
  wrongs.push(...(await outside([["in", `${here}/in/${none}`], ["enrol", `${here}/enrol/${none}`]], "over", 410)));
  wrongs.push(...(await outside([["overview", person.root], ["new", `${person.root}incidents/new`]], "outside", 401)));
  assert.equal(wrongs.length, 0, wrongs.join("\n"));
});

test("the page before the demo's desks is good", { skip: !all && "where no pictures are made" }, async () => {
  const start = await Start.open();
  try {
    assert.deepEqual(await outside([["start", start.address]], "full", 200), []);
  } finally {
    await start.close();
  }
});

test("where something is wrong, the page is good, too", async () => {
  const person = await sit(chromium, empty.link());
  const none = "A".repeat(22);
  const wrong = ["cases/CASE-26-9999-X", "no-such-kind", "record/999999", `sign/${none}`];
  const wrongs = await look(person, wrong, "wrong", { expected: 404 });
  wrongs.push(...(await look(person, ["incidents?since=yesterday"], "wrong", { expected: 400 })));
  // A form with nothing in it, and one with what can't be read: each says what lacks, at its place.
  for (const [path, fields] of [["incidents/new", { "f-place": "by the second bend" }], ["cases/new", {}], ["contacts/new?tier=record", {}], ["visits/new", {}]]) {
    await person.go(path, `${path.includes("?") ? "&" : "?"}lang=en`);
    await fill(person, fields);
    await person.press('button[form="kept"][value="sign"]');
    const back = person.page.url().slice(person.root.length).replace(/[?&]lang=en/, "");
    wrongs.push(...(await look(person, [back], `wrong-${path.split("/")[0]}`)));
  }
  assert.equal(wrongs.length, 0, wrongs.join("\n"));
});

// Names as ministries have them, in two scripts; words without a space to break at; a clause of a page.
const LONG = {
  North: "Ministry of Foreign Affairs, Regional Cooperation and Overseas Communities of the Northern Confederation",
  South: "وزارتِ خارجہ و علاقائی تعاون برائے جنوبی اتحاد، دفتر برائے نگرانیِ مفاہمت و رابطہ",
  Harbour: "Permanent Secretariat of the Conference of Facilitating States at the Harbour, Liaison and Verification Branch",
};

const long = (text) => {
  const name = 'name = "Exercise understanding on the cessation of armed acts along the ridge, the return of people and the sharing of information, with its annexes"';
  let longer = text.replace('name = "Exercise understanding"', name);
  for (const [short, name] of Object.entries(LONG)) longer = longer.replaceAll(`= "${short}"`, `= "${name}"`);
  return longer.replace("No armed act against the other.", "No armed act against the other, by whatever means and from wherever it comes, is committed, ordered, prepared or borne. ".repeat(6));
};

test("each page is good under very long names", async () => {
  const desk = await Desk.open(long);
  try {
    const person = await sit(chromium, desk.link(), "liaison-officer-of-the-north");
    const at = await work(person);
    const unbroken = `https://register.example/${"annex-to-the-note-verbale-".repeat(12)}`;
    for (const words of [`Seen ${"north-western ".repeat(40)} ${unbroken}`, `سڑک ${"شمال مغربی چوکی سے آگے ".repeat(20)} ${unbroken}`]) {
      await person.go("incidents/new", "?lang=en");
      await fill(person, { "f-kind": "fire", "f-time": "2026-01-05T10:00", "f-place": "9.7470, -40.1172", "f-reported-grade": "serious" });
      await person.page.fill("#text", words);
      await person.press('button[form="kept"][value="sign"]');
      await signed(person);
    }
    await person.until("incidents?view=all", "main tbody th a");
    const matter = (await links(person, "incidents?view=all", "main tbody th a"))[0];
    const step = (await links(person, matter, 'aside.may a:not([href^="#"])'))[0];
    const lists = ["", "incidents?view=all", "incidents/map", "agreement", "agreement/case", "people", "directory", "watch", "worklist", "unsigned", "record"];
    const paths = [...lists, matter, step, "cases/new", "contacts/new", "contacts/new?tier=without-prejudice", at.draft, at.sign, at.handover[0]];
    assert.deepEqual(await look(person, all ? paths : ["", "incidents?view=all", matter, at.sign], "long"), []);
  } finally {
    await desk.close();
  }
});

test("each list is good with ten thousand matters", { skip: !many && "where no pictures are made" }, async () => {
  const desk = await Desk.over(many, "north");
  try {
    const person = await sit(chromium, desk.link(), "liaison-1");
    const found = [];
    for (const kind of ["incidents", "cases"]) found.push((await links(person, `${kind}?view=all&from=201`, "main tbody th a"))[0]);
    const lists = ["", "incidents", "incidents?view=all", "incidents?view=all&from=5001", "incidents?view=all&since=2026-01-06&until=2026-01-06&area=not-determined"];
    const paths = [...lists, "incidents/map", "cases", "cases?view=all", "alerts", "agreement", "record", "watch?view=all", "new", ...found];
    assert.deepEqual(await look(person, paths, "many"), []);
  } finally {
    await desk.close();
  }
});

// The paths of a few pages of each sort.
const several = async (person) => {
  const matter = (await links(person, "cases?view=all", "main tbody th a"))[0];
  const exhibit = (await links(person, "evidence", "tbody th a"))[0];
  await toSign(person, "incidents/new", { ...INCIDENT, text: `Seen from the ${"north-western ".repeat(12)}post; سڑک بہہ گئی ہے (X-03).` });
  const sign = person.page.url().slice(person.root.length);
  return { matter, exhibit, sign };
};

test("at twice the size", async () => {
  const person = await sit(chromium, five.link("islamabad"));
  const { matter, exhibit, sign } = await several(person);
  const lists = ["", "cases?view=all", "incidents", "incidents/map", "contacts?view=all", "unsigned", "evidence", "watch?view=all", "worklist", "directory"];
  const forms = ["incidents/new", "cases/new", "contacts/new", "evidence/offer", "watch/hand-over", "directory/new", "settings", "access", "people"];
  const wrongs = [];
  for (const lang of ["en", "ur"]) {
    for (const path of [...lists, ...forms, matter, exhibit, sign, "agreement", "agreement/case", "record", "record/20", "alerts", "new"]) {
      // As wide as half a desk's screen is, which is what it comes to.
      await person.page.setViewportSize({ width: 683, height: 450 });
      try {
        assert.equal(await person.go(path, `${path.includes("?") ? "&" : "?"}lang=${lang}`), 200, path);
        await person.isGood(named(path, "double", lang, 683));
        await person.isUncut(named(path, "double", lang, 683));
        const height = await person.page.evaluate(() => document.querySelector("main").getBoundingClientRect().height);
        assert.ok(height > 0, path);
      } catch (wrong) {
        wrongs.push(wrong.message);
      }
    }
  }
  assert.equal(wrongs.length, 0, wrongs.join("\n"));
});

// A paper that can be held: that it is an exercise, what it is of, by number and date, which page of how many, and nothing to press.
test("on paper", async () => {
  const person = await sit(chromium, five.link("islamabad"), "ops-1");
  const { matter, exhibit, sign } = await several(person);
  const numbered = [matter, exhibit];
  const wrongs = [];
  for (const lang of ["en", "ur"]) {
    const words = new Words(lang);
    for (const path of ["", "cases?view=all", "incidents", "watch?view=all", "directory", "worklist", "agreement", "record", "unsigned", ...numbered, sign]) {
      try {
        assert.equal(await person.go(path, `${path.includes("?") ? "&" : "?"}lang=${lang}`), 200, path);
        await person.page.emulateMedia({ media: "print" });
        const { page } = person;
        assert.equal(await page.locator("button:visible, nav:visible, summary:visible").count(), 0, `${path} has something to press`);
        assert.ok(await page.locator(".marking").first().isVisible(), `${path} does not say that it is an exercise`);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1);
        assert.ok(!wide, `${path} stands out over the paper`);
        const sheets = pages(await page.pdf({ format: "A4" }));
        for (const [at, sheet] of sheets.entries()) {
          assert.match(sheet, new RegExp(`${at + 1}/${sheets.length}`), `${path}: page ${at + 1} of ${sheets.length} does not say so`);
        }
        const all = sheets.join(" ");
        if (lang === "en") assert.match(sheets[0], /EXERCISE/, `${path}: the first page says what it is: ${sheets[0].slice(0, 200)}`);
        if (numbered.includes(path)) assert.ok(all.includes(path.split("/").at(-1)), `${path} is not numbered: ${all.slice(0, 300)}`);
        assert.match(all, /2027/, `${path} has no date: ${all.slice(0, 300)}`);
        if (lang === "en") for (const id of ["sign-out", "as-csv-says"]) assert.ok(!all.includes(onPaper(words.message(id))), `${path} has a button: ${words.message(id)}`);
      } catch (wrong) {
        wrongs.push(wrong.message);
      }
      await person.page.emulateMedia({ media: "screen" });
    }
  }
  assert.equal(wrongs.length, 0, wrongs.join("\n"));
});
