// Where it was: a place by name, by grid, by coordinates and from a map; the map that moves, under the desk's own policy and
// with no other host; and without a script the drawing and the table.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { Desk, Person, browser } from "./desk.mjs";
import { pack } from "./pack.mjs";

let desk, chromium, person;
// What went elsewhere, what the policy stopped, and what did not come.
const elsewhere = [];
const stopped = [];
const lost = [];

const watch = (who) => {
  const here = new URL(who.root).origin;
  who.page.on("request", (request) => {
    if (!request.url().startsWith(here)) elsewhere.push(request.url());
  });
  who.page.on("response", (answer) => {
    if (answer.status() >= 400) lost.push(`${answer.status()} ${answer.url()}`);
  });
  who.page.on("console", (said) => {
    if (/Content Security Policy/.test(said.text())) stopped.push(said.text());
  });
};

// Reports an incident; what is typed for the place is given.
const report = async (type) => {
  await person.go("incidents/new", "?lang=en");
  const { page } = person;
  await page.selectOption("#f-kind", "fire");
  await page.fill("#f-time", "2026-01-05T10:00");
  await page.check('input[value="significant"]');
  await type(page);
  await person.press('button[value="sign"]');
  const said = await person.text("article.sheet");
  await page.check('[name="ticked"]');
  await person.press("aside button.primary");
  return said;
};

const typed = (text, within) => async (page) => {
  await page.fill("#f-place", text);
  if (within) await page.fill("#f-place-within", within);
};

const moves = async (who, path, query) => {
  await who.go(path, query);
  await who.page.waitForSelector(".map-frame.moves", { timeout: 30000 });
};

before(async () => {
  desk = await Desk.open();
  chromium = await browser();
  person = await Person.at(chromium, { authenticator: false });
  await person.open(desk.link());
  watch(person);
});

after(async () => {
  await chromium?.close();
  await desk?.close();
});

test("a place is read from a name, a grid and coordinates, and its area is said before signing", async () => {
  const { page } = person;
  await person.go("incidents/new", "?lang=en");
  // While it is typed: an Arabic keyboard's yeh in an Urdu name.
  await page.fill("#f-place", "تور تنگي");
  await page.waitForFunction(() => /24P UR 57 72/.test(document.querySelector(".place [role=status]").textContent));
  assert.match(await person.text(".place [role=status]"), /Area A\. It is the area in which North is responsible/);
  const named = await report(typed("تور تنگي"));
  assert.match(named, /24P UR 57 72/);
  assert.match(named, /Area A/);
  assert.match(named, /no part of what is signed/);
  assert.match(await report(typed("24P UR 88 78")), /Not determined/);
  assert.match(await report(typed("9°54'N 39°42'W", "200")), /Area B/);
  await person.until("incidents", 'a[href$="0003-X"]');
});

test("a place is taken from a map, by a press or from its middle", async () => {
  const { page } = person;
  await person.go("incidents/new", "?lang=en");
  await page.click(".place > button");
  await page.waitForSelector(".choosing.moves", { timeout: 30000 });
  await page.locator(".choosing canvas").click({ position: { x: 200, y: 200 } });
  const says = () => person.text(".place [role=status]");
  await page.waitForFunction(() => /^Read as/.test(document.querySelector(".place [role=status]").textContent));
  const [lat, lon] = (await page.inputValue("#f-place")).split(",").map(Number);
  assert.ok(lat > 9.5 && lat < 11 && lon < -40 && lon > -42, `${lat}, ${lon}`);
  assert.ok(Number(await page.inputValue("#f-place-within")) > 100, "how exactly is proposed");
  assert.match(await says(), /Area A/);
  // By keyboard alone: the middle of the map.
  const before = await page.inputValue("#f-place");
  await page.locator(".choosing canvas").focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForTimeout(600);
  await page.getByRole("button", { name: "Take the middle of the map" }).press("Enter");
  assert.notEqual(await page.inputValue("#f-place"), before);
  await person.isGood("place-form");
});

test("the map that moves has what the table has, and asks nobody else", async () => {
  const { page } = person;
  for (const lang of ["en", "ur"]) {
    const glyphs = [];
    page.on("response", (answer) => answer.url().includes("/glyphs/") && glyphs.push(answer.url()));
    await moves(person, "incidents/map", `?lang=${lang}`);
    await page.waitForTimeout(1500);
    // Labels ask for letters as they join: those of presentation forms in Urdu alone.
    const joined = glyphs.some((url) => url.endsWith("/65024-65279"));
    assert.equal(joined, lang === "ur", glyphs.join(" "));
    await person.isGood(`map-${lang}`);
  }
  await moves(person, "incidents/map", "?lang=en");
  await page.waitForTimeout(1500);
  // A press on a point says which matter it is. Where it is on the screen the table's degrees say.
  const where = await page.evaluate(() => {
    const { left, top, width, height } = document.querySelector(".moving-map canvas").getBoundingClientRect();
    const [west, south, east, north] = document.getElementById("map").dataset.bounds.split(",").map(Number);
    const y = (lat) => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
    const [lon, lat] = [-40.2989848, 9.6975];
    return {
      x: left + (width * (lon - west)) / (east - west),
      y: top + (height * (y(north) - y(lat))) / (y(north) - y(south)),
    };
  });
  await page.mouse.click(where.x, where.y);
  await page.waitForSelector("#map-says a", { timeout: 5000 });
  assert.match(await person.text("#map-says"), /INC-26-0001-T/);
  // What is in view is a list, under an address of its own.
  await Promise.all([page.waitForEvent("load"), page.click(".map-buttons a")]);
  assert.equal(await page.locator("tbody tr").count(), 3);
  assert.match(page.url(), /box=/);
});

test("without a script there is a drawing and a table that say the same", async () => {
  const context = await chromium.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 900 } });
  const plain = await context.newPage();
  await plain.goto(desk.link());
  await Promise.all([plain.waitForEvent("load"), plain.click("main button")]);
  const root = plain.url();
  for (const path of ["incidents", "incidents/map", "map/places?q=tangai"]) {
    await plain.goto(`${root}${path}`);
    assert.equal(await plain.locator("svg.map[role=img]").count(), 1, path);
    assert.ok((await plain.locator("svg.map .refline").count()) === 2, path);
    assert.ok((await plain.locator("tbody tr").count()) >= 3, path);
  }
  await plain.goto(`${root}incidents/new`);
  await plain.fill("#f-place", "Sra Khwa");
  await Promise.all([plain.waitForEvent("load"), plain.click('button[value="keep"]')]);
  assert.match((await plain.locator(".place [role=status]").innerText()).replaceAll(/[\u2066-\u2069]/g, ""), /Area B/);
  await context.close();
});

test("each page of a place is good, in both languages, on a phone too", async () => {
  const { page } = person;
  for (const width of [1366, 390]) {
    await page.setViewportSize({ width, height: 900 });
    for (const lang of ["en", "ur"]) {
      await person.go("incidents", `?lang=${lang}`);
      await person.isGood(`incidents-${lang}-${width}`);
      await page.click("tbody th a");
      await page.waitForSelector("svg.map");
      await person.isGood(`incident-${lang}-${width}`);
      await person.go("map/places", `?lang=${lang}`);
      await person.isGood(`places-${lang}-${width}`);
    }
  }
});

test("nothing went elsewhere, nothing was stopped, nothing was missing", () => {
  assert.deepEqual(elsewhere, []);
  assert.deepEqual(stopped, []);
  assert.deepEqual(lost, []);
});

test("another base map is a file: its roads are drawn, and no limit of anything that it has", async () => {
  const file = join(desk.folder, "base.pmtiles");
  const settings = join(desk.keys(), "node.toml");
  const before = readFileSync(settings, "utf8");
  const drawn = async (layers) => {
    await desk.stop();
    writeFileSync(file, pack(layers, "EXERCISE. Invented lines"));
    writeFileSync(settings, `map = ${JSON.stringify(file)}\n${before.replaceAll(/^map = .*$/gm, "")}`);
    await desk.run();
    const other = await Person.at(chromium, { authenticator: false });
    await other.open(desk.link());
    await moves(other, "incidents/map", "?lang=en");
    await other.page.waitForTimeout(2500);
    assert.match(await other.text("main"), /EXERCISE\. Invented lines/, "where it is from is said");
    const picture = await other.page.locator(".moving-map canvas").screenshot();
    await other.page.context().close();
    return picture.toString("base64");
  };
  const nothing = await drawn(["water-names"]);
  const limits = await drawn(["boundary", "admin", "country"]);
  const roads = await drawn(["road", "contour", "boundary"]);
  assert.ok(limits === nothing, "a layer that is a limit is not drawn");
  assert.ok(roads !== nothing, "roads are");
});
