// An entry's proof is checked in the browser, by the module alone that the page lets run; the proof and the verifier are
// taken away, and the verifier says the same from a disk, without asking anybody.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { Desk, Person, browser } from "./desk.mjs";

let desk, chromium, reader, folder;

before(async () => {
  desk = await Desk.open();
  chromium = await browser();
  reader = await Person.at(chromium, { authenticator: false });
  folder = mkdtempSync(join(tmpdir(), "mithaq-"));
  await reader.open(desk.link());
  // Until a mark covers the first entries.
  await reader.until("record/0", "#prove");
});

after(async () => {
  await chromium?.close();
  await desk?.close();
  if (folder) rmSync(folder, { recursive: true });
});

// Saves what a link of the page gives out.
const take = async (selector, name) => {
  const [download] = await Promise.all([reader.page.waitForEvent("download"), reader.page.click(selector)]);
  const path = join(folder, name);
  await download.saveAs(path);
  return path;
};

test("an entry's proof holds in the browser", async () => {
  for (const [width, query] of [[1366, ""], [390, "?lang=ur"]]) {
    await reader.page.setViewportSize({ width, height: 900 });
    await reader.go("record", query);
    await reader.isGood(`record-${width}`);
    await reader.go("record/0", query);
    await reader.page.click("#prove button");
    await reader.page.waitForSelector("#prove .check:not([hidden])", { timeout: 20000 });
    await reader.isGood(`entry-${width}`);
  }
  await reader.go("record/0", "?lang=en");
});

test("what does not fit the page is said not to hold", async () => {
  await reader.page.evaluate(() => (document.getElementById("prove").dataset.leaf = "another"));
  await reader.page.click("#prove button");
  await reader.page.waitForSelector("#prove .wrong:not([hidden])", { timeout: 20000 });
  assert.match(await reader.text("#prove .wrong"), /does not hold/);
  assert.equal(await reader.page.locator("#prove .check:not([hidden])").count(), 0);
});

// No verdict outlives the file it is of: not over one that is slow, too large, unreadable, or none.
const staysTrue = async (page, judge, { proof, spoilt }) => {
  await page.evaluate(() => {
    const read = Blob.prototype.arrayBuffer;
    let isFirst = true;
    Blob.prototype.arrayBuffer = async function slow() {
      const bytes = await read.call(this);
      const wait = isFirst ? 1500 : 0;
      isFirst = false;
      await new Promise((go) => setTimeout(go, wait));
      return bytes;
    };
  });
  await page.setInputFiles("#file", proof);
  await judge(spoilt, "It does not show what it says");
  await page.waitForTimeout(2000);
  assert.equal(await page.locator('#verdict h2:has-text("It holds")').count(), 0, "the slower answer is not shown");

  await judge(proof, "It holds");
  const large = join(folder, "large.mithaq-proof");
  writeFileSync(large, Buffer.alloc(16 * 1024 * 1024 + 1));
  await judge(large, "It is too large to be checked here");
  await judge(proof, "It holds");
  await page.setInputFiles("#file", []);
  await page.waitForFunction(() => document.getElementById("verdict").childElementCount === 0);

  await judge(proof, "It holds");
  await page.evaluate(() => {
    window.instantiate = WebAssembly.instantiate;
    WebAssembly.instantiate = () => Promise.reject(new WebAssembly.RuntimeError("unreachable"));
  });
  await judge(spoilt, "It could not be checked");
  await page.evaluate(() => (WebAssembly.instantiate = window.instantiate));
  await judge(proof, "It holds");
  await page.evaluate(() => {
    window.module = window.WebAssembly;
    delete window.WebAssembly;
  });
  await judge(spoilt, "This browser cannot check it");
  await page.evaluate(() => (window.WebAssembly = window.module));
  await judge(proof, "It holds");
};

test("the verifier says the same from a disk, without asking anybody", async () => {
  const proof = await take('a[href$="/proof"]', "entry.mithaq-proof");
  await reader.go("record");
  const told = await reader.text("main");
  const page = await take('a[href$="/verifier"]', "verifier.html");
  const hash = createHash("sha256").update(readFileSync(page)).digest("hex");
  assert.ok(told.includes(hash), "the record's page says its hash");
  assert.ok(desk.say("proof", "verifier").includes(hash), "the program says it too");
  const voice = told.match(/[0-9A-Z]{4}(-[0-9A-Z]{4}){7}/)[0];

  const away = await Person.at(chromium, { authenticator: false });
  const asked = [];
  away.page.on("request", (request) => asked.push(request.url()));
  await away.page.goto(`file://${page}`);
  const judge = async (file, heading) => {
    await away.page.setInputFiles("#file", file);
    await away.page.waitForSelector(`#verdict h2:has-text("${heading}")`, { timeout: 20000 });
    await away.isGood(`verifier-${heading}`);
  };
  await judge(proof, "It holds");
  assert.match(await away.text("#verdict"), /was not asked for by name/);
  await away.page.fill("#name", voice);
  await away.page.press("#name", "Tab");
  await away.page.waitForSelector('#verdict li:has-text("It is the register that you named")');

  const bytes = readFileSync(proof);
  bytes[bytes.length >> 1] ^= 1;
  const spoilt = join(folder, "spoilt.mithaq-proof");
  writeFileSync(spoilt, bytes);
  await judge(spoilt, "It does not show what it says");
  assert.match(await away.text("#verdict"), /spoilt\.mithaq-proof/);
  await staysTrue(away.page, judge, { proof, spoilt });
  await judge(spoilt, "It does not show what it says");
  await away.page.click('[data-lang="ur"]');
  await away.isGood("verifier-ur");
  assert.deepEqual(asked.filter((url) => !url.startsWith("file:")), []);
});

test("everything is checked when asked, and the agreement's pages are good", async () => {
  await reader.go("record");
  await reader.press('form[action$="/whole"] button');
  assert.match(await reader.text("main"), /nothing wrong found/);
  const kind = async () => reader.page.locator('a[href*="/agreement/"]').first().getAttribute("href");
  for (const [width, query] of [[1366, ""], [390, "?lang=ur"]]) {
    await reader.page.setViewportSize({ width, height: 900 });
    await reader.go("agreement", query);
    await reader.isGood(`agreement-${width}`);
    await reader.page.goto(new URL(await kind(), reader.page.url()).href);
    await reader.isGood(`procedure-${width}`);
  }
});
