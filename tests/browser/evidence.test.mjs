// A file at five desks that meet: it is sent in pieces while its node is killed, goes with an incident that is signed, and is
// opened at another desk, where that is said; nothing of it lies on a disk in the clear.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { Desk, Five, Person, browser } from "./desk.mjs";

const MARK = "plain-xyzzy-content ";
const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xd9]), Buffer.from(MARK.repeat(100_000))]);

// A paper of one page with nothing on it.
const PDF = Buffer.from(`%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj
trailer<</Root 1 0 R>>
`);

let five, desk, chromium, ours, theirs, exhibit;

before(async () => {
  chromium = await browser();
  five = await Five.open();
  desk = await Desk.open();
  ours = await Person.at(chromium, { authenticator: false });
  await ours.open(five.link("islamabad"));
  theirs = await Person.at(chromium, { authenticator: false });
  await theirs.open(five.link("kabul"));
});

after(async () => {
  await chromium?.close();
  await five?.close();
  await desk?.close();
});

const sent = (person, count) =>
  person.page.waitForFunction(
    (count) =>
      document.querySelectorAll(".files li").length === count && !document.querySelector(".files progress"),
    count,
    { timeout: 120_000 },
  );

test("a file goes on after its node was killed", async () => {
  const person = await Person.at(chromium, { authenticator: false });
  await person.open(desk.link());
  await person.go("evidence/offer", "?lang=en");
  const big = join(desk.folder, "big.bin");
  writeFileSync(big, Buffer.alloc(24 << 20, 7));
  await person.page.setInputFiles("#file", big);
  // Some of it is there, and the node is killed; it comes back, nobody is signed in any more.
  await person.page.waitForFunction(() => Number(document.querySelector(".files progress")?.value) > 0);
  const ended = new Promise((resolve) => desk.process.once("exit", resolve));
  desk.process.kill("SIGKILL");
  await ended;
  await desk.run();
  await person.page.waitForFunction(() => document.querySelector(".files li .note")?.textContent.includes("stopped"), null, {
    timeout: 60_000,
  });
  const draft = new URL(person.page.url()).pathname.split("/").pop();
  await person.open(desk.link());
  await person.go(`unsigned/${draft}`, "?lang=en");
  assert.match(await person.text(".files"), /of 25 MB here[\s\S]*choose the same file again/);
  const before = Number((await person.text(".files")).match(/([\d.]+) MB of/)[1]);
  assert.ok(before >= 4, "what came before is there");
  const asked = [];
  person.page.on("request", (request) => {
    if (request.method() === "PATCH") asked.push(Number(request.headers()["upload-offset"]));
  });
  await person.page.setInputFiles("#file", big);
  await sent(person, 1);
  assert.ok(asked[0] > 0, `it began anew, from ${asked[0]}`);
  assert.match(await person.text(".files"), /here, and sealed/);
  await person.isGood("evidence-offer");
  await Promise.all([person.page.waitForNavigation(), person.page.click(".actions button.primary")]);
  assert.match(await person.text("main"), /Before it can be signed/);
  await person.isGood("evidence-offer-lacks");
});

test("it goes with an incident, which says who can open it", async () => {
  await ours.go("incidents/new", "?lang=en");
  for (const name of ["f-kind", "f-reported-grade", "f-harm"]) {
    const field = ours.page.locator(`[name="${name}"]`).first();
    if ((await field.evaluate((it) => it.tagName)) === "SELECT") await field.selectOption({ index: 1 });
    else await field.check();
  }
  await ours.page.fill('[name="f-time"]', "2027-04-18T10:00");
  await ours.page.fill('[name="f-place"]', "9.7470, -40.1172 ± 500 m");
  await ours.page.setInputFiles("#file", [
    { name: "photo of the post.jpg", mimeType: "image/jpeg", buffer: JPEG },
    { name: "page.html", mimeType: "text/html", buffer: Buffer.from(`<script>document.title = "ran"</script>${MARK}`) },
    { name: "paper.pdf", mimeType: "application/pdf", buffer: PDF },
  ]);
  await sent(ours, 3);
  await ours.isGood("evidence-form");
  await Promise.all([ours.page.waitForNavigation(), ours.page.click(".actions button.primary")]);
  const page = await ours.text("main");
  assert.match(page, /photo of the post\.jpg[\s\S]*image\/jpeg/);
  assert.match(page, /Kabul/);
  await ours.isGood("evidence-sign");
  await ours.page.check('[name="ticked"]');
  await Promise.all([ours.page.waitForNavigation(), ours.page.click("aside button.primary")]);
  assert.match(await ours.text("main"), /in the register|on its way/);
});

test("another desk opens it, and says so", async () => {
  await theirs.go("settings", "?lang=en");
  await theirs.until("evidence?view=unopened&lang=en", 'tbody tr:has-text("photo of the post.jpg")');
  const row = theirs.page.locator('tbody tr:has-text("photo of the post.jpg") th a');
  await Promise.all([theirs.page.waitForNavigation(), row.click()]);
  exhibit = new URL(theirs.page.url()).pathname.split("/").pop();
  await theirs.until(`evidence/${exhibit}?lang=en`, 'aside a[href$="open=1"]');
  assert.equal(await theirs.page.locator("figure.exhibit").count(), 0, "nothing is opened unasked");
  await theirs.isGood("exhibit-sealed");
  await theirs.press('aside a[href$="open=1"]');
  assert.match(await theirs.text("figcaption"), /agree with what was filed/);
  await theirs.isGood("exhibit-opened");
  const got = await theirs.page.evaluate(async () => {
    const answer = await fetch(document.querySelector("figure.exhibit img").src);
    return { cache: answer.headers.get("cache-control"), bytes: (await answer.arrayBuffer()).byteLength };
  });
  assert.deepEqual(got, { cache: "no-store", bytes: JPEG.length });
  await theirs.press('form:has([name=deed][value="opened"]) button');
  await theirs.isGood("exhibit-say-opened");
  await theirs.page.check('[name="ticked"]');
  await Promise.all([theirs.page.waitForNavigation(), theirs.page.click("aside button.primary")]);
  await ours.until(`evidence/${exhibit}?lang=en`, '.timeline li:has-text("signed that all agrees")');
});

test("what is sent as a page is shown as a text, and runs nowhere", async () => {
  await theirs.go("evidence?view=unopened&lang=en");
  const row = theirs.page.locator('tbody tr:has-text("page.html") th a');
  await Promise.all([theirs.page.waitForNavigation(), row.click()]);
  const other = new URL(theirs.page.url()).pathname;
  await theirs.press('aside a[href$="open=1"]');
  assert.match(await theirs.text("figure.exhibit"), /document\.title = "ran"/);
  assert.notEqual(await theirs.page.title(), "ran");
  const head = await theirs.page.evaluate(async (path) => {
    const answer = await fetch(`${path}/content`);
    return ["content-type", "content-disposition", "content-security-policy"].map((name) => answer.headers.get(name));
  }, other);
  assert.match(head.join(" "), /application\/octet-stream attachment; .* sandbox/);
});

test("a paper is shown by the browser's own reader, beside the desk and under a policy that fetches nothing", async () => {
  await theirs.go("evidence?view=unopened&lang=en");
  const row = theirs.page.locator('tbody tr:has-text("paper.pdf") th a');
  await Promise.all([theirs.page.waitForNavigation(), row.click()]);
  await theirs.press('aside a[href$="open=1"]');
  assert.equal(await theirs.page.locator("main iframe, main embed, main object").count(), 0, "it is in no page of the desk");
  const [paper] = await Promise.all([
    theirs.page.context().waitForEvent("page"),
    theirs.page.click('figcaption a[target="_blank"]'),
  ]);
  const isRead = () => paper.frames().some((frame) => frame.url().startsWith("chrome-extension:"));
  for (let tries = 0; tries < 300 && !isRead(); tries++) await paper.waitForTimeout(100);
  assert.ok(isRead(), "the reader has it");
  assert.equal(await paper.evaluate(() => window.opener), null);
  await paper.close();
  const head = await theirs.page.evaluate(async () => {
    const answer = await fetch(document.querySelector('figcaption a[target="_blank"]').href);
    return ["content-type", "cache-control", "content-security-policy"].map((name) => answer.headers.get(name));
  });
  assert.match(head.join(" "), /application\/pdf no-store default-src 'none'/);
});

test("nothing of it is in the clear on any disk", () => {
  const files = (folder) =>
    readdirSync(folder, { recursive: true })
      .map((name) => join(folder, name))
      .filter((name) => statSync(name, { throwIfNoEntry: false })?.isFile());
  const all = [...files(five.folder), ...files(five.keys)];
  assert.ok(all.length > 200, "the homes were read");
  for (const name of all) {
    // The nodes run, and put parts of files in their places meanwhile.
    if (!existsSync(name)) continue;
    const bytes = readFileSync(name);
    for (const part of [MARK.trim(), "photo of the post"]) assert.ok(!bytes.includes(part), `${part} is in ${name}`);
  }
});

test("each page is good, in both languages, at a desk and on a telephone", async () => {
  for (const [width, lang] of [[1366, "en"], [390, "en"], [1366, "ur"], [390, "ur"]]) {
    await theirs.page.setViewportSize({ width, height: 900 });
    const of = `evidence/${exhibit}`;
    for (const page of ["evidence", "evidence/offer", of, `${of}?open=1`, `${of}/hold`, `${of}/challenge`, `${of}/destroy`]) {
      assert.equal(await theirs.go(page, `${page.includes("?") ? "&" : "?"}lang=${lang}`), 200, page);
      await theirs.isGood(`${page.replaceAll(/[/?=]/g, "-")}-${lang}-${width}`);
    }
  }
});

test("a browser without scripts sends a small file", async () => {
  const plain = await Person.at(chromium, { authenticator: false, scripts: false });
  await plain.open(desk.link());
  await plain.go("evidence/offer", "?lang=en");
  await plain.page.setInputFiles("#file", { name: "note.txt", mimeType: "text/plain", buffer: Buffer.from("what was seen") });
  await plain.press("[data-plain]");
  assert.match(await plain.text(".files"), /note\.txt[\s\S]*here, and sealed/);
  await plain.press(".files button");
  assert.doesNotMatch(await plain.text(".files"), /note\.txt/);
});
