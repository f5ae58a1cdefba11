// A large file at two desks that meet: it goes up through the page, is granted by the choice of who is to have it, comes to the other
// desk, is opened there, and is said not to open; each of it signed in the browser. `MITHAQ_LARGE` says how many bytes it has.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { closeSync, openSync, ftruncateSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { Five, browser } from "./desk.mjs";
import { fill, has, isSigned, on, sign, signed, sit } from "./steps.mjs";

const SIZE = Number(process.env.MITHAQ_LARGE ?? 96 << 20);
const PART = 1 << 20;

let five, chromium, ours, theirs, file, path;

before(async () => {
  chromium = await browser();
  five = await Five.open();
  ours = await sit(chromium, five.link("islamabad"));
  theirs = await sit(chromium, five.link("kabul"));
  // Of holes but for a mark at each end: it takes no room before it is sealed.
  file = join(five.base, "large.bin");
  const handle = openSync(file, "w");
  ftruncateSync(handle, SIZE);
  writeSync(handle, "begins", 0);
  writeSync(handle, "ends", SIZE - 4);
  closeSync(handle);
});

after(async () => {
  await chromium?.close();
  if (file) rmSync(file);
  await five?.close();
});

// How long each part took, and at which rate.
const timed = async (t, what, does) => {
  const began = Date.now();
  const came = await does();
  const seconds = (Date.now() - began) / 1000;
  t.diagnostic(`${what}: ${SIZE / 1e6} MB in ${seconds.toFixed(1)} s, ${(SIZE / 1e6 / seconds).toFixed(1)} MB/s`);
  return came;
};

test("it goes up through the page, and is offered to one", async (t) => {
  await ours.go("evidence/offer");
  const whole = ours.words.message("upload-whole");
  const isWhole = (says) => document.querySelector(".files li")?.textContent.includes(says);
  await timed(t, "up, and sealed", async () => {
    await ours.page.setInputFiles("#file", file);
    await ours.page.waitForFunction(isWhole, whole, { timeout: 900_000 });
  });
  await fill(ours, { to: "kabul" });
  await on(ours);
  ours.page.setDefaultTimeout(300_000);
  ours.page.setDefaultNavigationTimeout(300_000);
  await timed(t, "signed", () => sign(ours));
  await isSigned(ours);
});

test("it comes to the other desk, and is opened there as it was", async (t) => {
  await theirs.until("evidence?view=unopened", has("tbody tr", "large.bin"));
  const href = await theirs.page.locator(`${has("tbody tr", "large.bin")} th a`).getAttribute("href");
  path = href.slice(new URL(theirs.root).pathname.length);
  await timed(t, "brought", async () => {
    for (let tries = 0; ; tries += 1) {
      await theirs.go(path);
      if (await theirs.page.locator('aside a[href$="open=1"]').count()) return;
      assert.ok(tries < 900, "it does not come");
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  });
  theirs.page.setDefaultNavigationTimeout(300_000);
  await theirs.press('aside a[href$="open=1"]');
  assert.ok((await theirs.text("figcaption")).includes(theirs.words.message("exhibit-checked")));
  // Read as it comes, by whoever takes a copy away: the same bytes.
  const wanted = createHash("sha256");
  const hole = Buffer.alloc(PART);
  for (let at = 0; at < SIZE; at += PART) {
    const part = Buffer.from(hole.subarray(0, Math.min(PART, SIZE - at)));
    if (at === 0) part.write("begins");
    if (at + part.length === SIZE) part.write("ends", part.length - 4);
    wanted.update(part);
  }
  const cookies = (await theirs.context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const { port, host } = new URL(theirs.root);
  const got = createHash("sha256");
  let count = 0;
  await timed(t, "taken away", async () => {
    const { request } = await import("node:http");
    const answer = await new Promise((resolve, reject) => {
      const at = `${new URL(theirs.root).pathname}${path}/content?as=file`;
      request({ host: "127.0.0.1", port, path: at, headers: { host, cookie: cookies } }, resolve).on("error", reject).end();
    });
    assert.equal(answer.statusCode, 200);
    for await (const bytes of answer) {
      got.update(bytes);
      count += bytes.length;
    }
  });
  assert.deepEqual([count, got.digest("hex")], [SIZE, wanted.digest("hex")]);
});

test("that it does not open is signed there, and told to who filed it", async () => {
  await theirs.go(`${path}/challenge`);
  await fill(theirs, { ground: "commitment-differs" });
  await on(theirs);
  await signed(theirs);
  await ours.until(path, has(".timeline li", ours.words.party("kabul"), ours.words.message("custody-challenged")));
});
