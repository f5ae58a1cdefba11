// A desk in a process of its own, and a browser that sits at it.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const program = process.env.MITHAQ;
const require = createRequire(join(process.env.MITHAQ_PLAYWRIGHT, "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const shots = process.env.MITHAQ_SHOTS;

const env = { ...process.env, MITHAQ_PASSPHRASE: "exercise" };

// A desk of one participant, founded for this test, that runs until it is closed.
export class Desk {
  static async open() {
    const desk = new Desk();
    desk.folder = mkdtempSync(join(tmpdir(), "mithaq-"));
    desk.say("node", "init", "--solo");
    await desk.run();
    return desk;
  }

  // What a command prints.
  say(...words) {
    const folders = ["--keys", join(this.folder, "keys"), "--data", this.data()];
    const options = { env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] };
    return execFileSync(program, [...folders, "--work-factor", "10", ...words], options);
  }

  data() {
    return join(this.folder, "data");
  }

  async run() {
    const folders = ["--keys", join(this.folder, "keys"), "--data", this.data()];
    const how = ["--json", "node", "run", "--listen", `127.0.0.1:${this.port ?? 0}`, "--every", "1s"];
    this.process = spawn(program, [...folders, ...how], { env, stdio: ["ignore", "pipe", "ignore"] });
    const said = await new Promise((resolve, reject) => {
      let text = "";
      this.process.stdout.on("data", (more) => {
        text += more;
        if (text.includes("\n")) resolve(JSON.parse(text));
      });
      this.process.once("exit", (code) => reject(new Error(`the node ended: ${code}`)));
    });
    this.port = said.listens.split(":").at(-1);
  }

  // A link, made while the node runs.
  link(...more) {
    return this.say("node", "link", ...more).trim();
  }

  async stop() {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGTERM");
    await ended;
  }

  async close() {
    await this.stop();
    rmSync(this.folder, { recursive: true });
  }
}

// The five desks of the demo, with their story in them, which meet again and again until it is closed.
export class Five {
  static async open() {
    const five = new Five();
    five.base = mkdtempSync(join(tmpdir(), "mithaq-"));
    five.folder = join(five.base, "five");
    five.keys = `${five.folder}.keys`;
    five.process = spawn(program, ["demo", "--out", five.folder], { env, stdio: ["ignore", "pipe", "ignore"] });
    five.said = await new Promise((resolve, reject) => {
      let text = "";
      five.process.stdout.on("data", (more) => {
        text += more;
        if (text.includes("Ctrl-C shuts them")) resolve(text);
      });
      five.process.once("exit", (code) => reject(new Error(`the demo ended: ${code}`)));
    });
    return five;
  }

  // The link that opens a desk, once.
  link(who) {
    return this.said.match(new RegExp(`${who}\\s+(http://${who}\\S+)`))[1];
  }

  async close() {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGINT");
    await ended;
    rmSync(this.base, { recursive: true });
  }
}

export const browser = () =>
  chromium.launch({ executablePath: process.env.MITHAQ_CHROMIUM, args: ["--no-sandbox"] });

// Somebody with a browser and an authenticator of their own.
export class Person {
  static async at(browser, { width = 1366, authenticator = true, scripts = true } = {}) {
    const person = new Person();
    person.context = await browser.newContext({ viewport: { width, height: 900 }, javaScriptEnabled: scripts });
    person.page = await person.context.newPage();
    person.page.on("pageerror", (error) => assert.fail(`a script fell over: ${error.message}`));
    if (authenticator) {
      person.cdp = await person.context.newCDPSession(person.page);
      await person.cdp.send("WebAuthn.enable");
      const { authenticatorId } = await person.cdp.send("WebAuthn.addVirtualAuthenticator", {
        options: {
          protocol: "ctap2",
          transport: "internal",
          hasResidentKey: true,
          hasUserVerification: true,
          isUserVerified: true,
          automaticPresenceSimulation: true,
        },
      });
      person.authenticator = authenticatorId;
    }
    return person;
  }

  // Opens a desk by a link.
  async open(link) {
    await this.page.goto(link);
    await this.press("main button");
    this.root = this.page.url();
  }

  async go(path, query = "") {
    const answer = await this.page.goto(`${this.root}${path}${query}`);
    return answer.status();
  }

  // Presses a button that leads to another page.
  async press(selector) {
    await Promise.all([this.page.waitForNavigation(), this.page.click(selector)]);
  }

  // What a part of the page says, without the marks that keep a filled-in word apart from the line around it.
  async text(selector) {
    return (await this.page.locator(selector).innerText()).replaceAll(/[\u2066-\u2069]/g, "");
  }

  // Waits until a page says something, which comes by itself.
  async until(path, selector) {
    for (let tries = 0; tries < 60; tries += 1) {
      await this.go(path);
      if (await this.page.locator(selector).count()) return;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    assert.fail(`${path} does not come to say ${selector}: ${await this.text("main")}`);
  }

  // axe finds nothing, and nothing stands out over the side.
  async isGood(name) {
    // Beside the page's own scripts, which alone the page's policy lets in.
    const cdp = this.cdp ?? (await this.context.newCDPSession(this.page));
    await cdp.send("Runtime.evaluate", { expression: axe });
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    const found = await this.page.evaluate((tags) => window.axe.run({ runOnly: tags }), tags);
    const wrongs = found.violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.html).join(" ")}`);
    assert.deepEqual(wrongs, [], name);
    const isWide = await this.page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1);
    assert.ok(!isWide, `${name} stands out over the side`);
    if (shots) await this.page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
  }
}
