// A file at five desks that meet: it is sent in pieces while its node is killed, goes with an incident that is signed, and is
// opened at another desk, where that is said; nothing of it lies on a disk in the clear.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { Desk, Five, Person, browser } from "./desk.mjs";
import { fill, has, isSigned, journey, on, signed, sit } from "./steps.mjs";
import { Words } from "./words.mjs";

const MARK = "plain-xyzzy-content ";
const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xd9]), Buffer.from(MARK.repeat(100_000))]);

// A paper of one page with nothing on it.
const PDF = Buffer.from(`%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj
trailer<</Root 1 0 R>>
`);

journey("evidence", (look) => {
  const words = new Words(look.lang);
  let five, desk, chromium, ours, theirs, exhibit;

  before(async () => {
    chromium = await browser();
    five = await Five.open();
    desk = await Desk.open();
    ours = await sit(chromium, five.link("islamabad"), undefined, look);
    theirs = await sit(chromium, five.link("kabul"), undefined, look);
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
    const person = await sit(chromium, desk.link(), undefined, look);
    await person.go("evidence/offer");
    const big = join(desk.folder, "big.bin");
    writeFileSync(big, Buffer.alloc(24 << 20, 7));
    await person.page.setInputFiles("#file", big);
    // Some of it is there, and the node is killed; it comes back, nobody is signed in any more.
    await person.page.waitForFunction(() => Number(document.querySelector(".files progress")?.value) > 0);
    const ended = new Promise((resolve) => desk.process.once("exit", resolve));
    desk.process.kill("SIGKILL");
    await ended;
    await desk.run();
    const stopped = (says) => document.querySelector(".files li .note")?.textContent.includes(says);
    await person.page.waitForFunction(stopped, words.message("upload-locked"), { timeout: 60_000 });
    const draft = new URL(person.page.url()).pathname.split("/").pop();
    await person.open(desk.link());
    await person.go(`unsigned/${draft}`);
    const files = await person.text(".files");
    assert.ok(files.includes(words.message("upload-again")), files);
    // What is here of 25 MB, in whichever order a language says it.
    const parts = [...files.matchAll(/([\d.]+) MB/g)].map(([, part]) => Number(part)).filter((part) => part !== 25);
    assert.ok(files.includes("25 MB") && parts[0] >= 4, `what came before is there: ${files}`);
    const asked = [];
    person.page.on("request", (request) => {
      if (request.method() === "PATCH") asked.push(Number(request.headers()["upload-offset"]));
    });
    await person.page.setInputFiles("#file", big);
    await sent(person, 1);
    assert.ok(asked[0] > 0, `it began anew, from ${asked[0]}`);
    assert.ok((await person.text(".files")).includes(words.message("upload-whole")));
    await person.isGood("evidence-offer");
    await Promise.all([person.page.waitForEvent("load"), person.page.click(".actions button.primary")]);
    assert.ok((await person.text("main")).includes(words.message("form-lacks")));
    await person.isGood("evidence-offer-lacks");
  });

  test("it goes with an incident, which says who can open it", async () => {
    await ours.go("incidents/new");
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
    await Promise.all([ours.page.waitForEvent("load"), ours.page.click(".actions button.primary")]);
    const page = await ours.text("main");
    assert.match(page, /photo of the post\.jpg[\s\S]*image\/jpeg/);
    assert.ok(page.includes(words.party("kabul")), page);
    await ours.isGood("evidence-sign");
    await ours.page.check('[name="ticked"]');
    await Promise.all([ours.page.waitForEvent("load"), ours.page.click("aside button.primary")]);
    await isSigned(ours);
  });

  test("another desk opens it, and says so", async () => {
    await theirs.until("evidence?view=unopened", 'tbody tr:has-text("photo of the post.jpg")');
    const row = theirs.page.locator('tbody tr:has-text("photo of the post.jpg") th a');
    await Promise.all([theirs.page.waitForEvent("load"), row.click()]);
    exhibit = new URL(theirs.page.url()).pathname.split("/").pop();
    await theirs.until(`evidence/${exhibit}`, 'aside a[href$="open=1"]');
    assert.equal(await theirs.page.locator("figure.exhibit").count(), 0, "nothing is opened unasked");
    await theirs.isGood("exhibit-sealed");
    await theirs.press('aside a[href$="open=1"]');
    assert.ok((await theirs.text("figcaption")).includes(words.message("exhibit-checked")));
    await theirs.isGood("exhibit-opened");
    const got = await theirs.page.evaluate(async () => {
      const answer = await fetch(document.querySelector("figure.exhibit img").src);
      return { cache: answer.headers.get("cache-control"), bytes: (await answer.arrayBuffer()).byteLength };
    });
    assert.deepEqual(got, { cache: "no-store", bytes: JPEG.length });
    await theirs.press('form:has([name=deed][value="opened"]) button');
    await theirs.isGood("exhibit-say-opened");
    await theirs.page.check('[name="ticked"]');
    await Promise.all([theirs.page.waitForEvent("load"), theirs.page.click("aside button.primary")]);
    await ours.until(`evidence/${exhibit}`, has(".timeline li", words.message("custody-opened")));
  });

  test("what is sent as a page is shown as a text, and runs nowhere", async () => {
    await theirs.go("evidence?view=unopened");
    const row = theirs.page.locator('tbody tr:has-text("page.html") th a');
    await Promise.all([theirs.page.waitForEvent("load"), row.click()]);
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
    await theirs.go("evidence?view=unopened");
    const row = theirs.page.locator('tbody tr:has-text("paper.pdf") th a');
    await Promise.all([theirs.page.waitForEvent("load"), row.click()]);
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

  test("what was offered to one is granted to another, opened there, and said not to open", async () => {
    const doha = await sit(chromium, five.link("doha"), undefined, look);
    await ours.go("evidence/offer");
    await ours.page.setInputFiles("#file", { name: "for kabul.txt", mimeType: "text/plain", buffer: Buffer.from(`for two ${MARK}`) });
    await sent(ours, 1);
    await fill(ours, { to: "kabul" });
    await on(ours);
    await signed(ours);
    await theirs.until("evidence?view=unopened", has("tbody tr", "for kabul.txt"));
    const href = await theirs.page.locator(`${has("tbody tr", "for kabul.txt")} th a`).getAttribute("href");
    const path = href.slice(new URL(theirs.root).pathname.length);
    // To whom it was not granted it is closed, and says so.
    await doha.until("evidence?view=all", `a[href$="${path}"]`);
    await doha.go(path);
    assert.equal(await doha.page.locator('aside a[href$="open=1"]').count(), 0);
    assert.ok(!(await doha.text("main")).includes("for kabul.txt"), "its name is sealed");
    await ours.go(`${path}/grant`);
    await fill(ours, { to: "doha" });
    await on(ours);
    await ours.isGood("grant-sign");
    await signed(ours);
    await doha.until(path, 'aside a[href$="open=1"]');
    await doha.press('aside a[href$="open=1"]');
    assert.match(await doha.text("figure.exhibit"), /for two/);
    await doha.go(`${path}/challenge`);
    await fill(doha, { ground: "commitment-differs" });
    await on(doha);
    await doha.isGood("challenge-sign");
    await signed(doha);
    const said = words.message("custody-challenged");
    await ours.until(path, has(".timeline li", words.party("doha"), said));
    await theirs.until(path, has(".timeline li", words.party("doha"), said));
    await doha.context.close();
  });

  test("each page is good, in both languages, at a desk and on a telephone", { skip: !look.isFirst && "it was looked at" }, async () => {
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
    const plain = await Person.at(chromium, { authenticator: false, scripts: false, width: look.width });
    await plain.open(desk.link());
    await plain.go("evidence/offer", `?lang=${look.lang}`);
    await plain.page.setInputFiles("#file", { name: "note.txt", mimeType: "text/plain", buffer: Buffer.from("what was seen") });
    await plain.press("[data-plain]");
    const files = await plain.text(".files");
    assert.ok(files.includes("note.txt") && files.includes(words.message("upload-whole")), files);
    await plain.press(".files button");
    assert.doesNotMatch(await plain.text(".files"), /note\.txt/);
  });
});
