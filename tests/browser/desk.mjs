// A desk in a process of its own, and a browser that sits at it.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const program = process.env.MITHAQ;
const require = createRequire(join(process.env.MITHAQ_PLAYWRIGHT, "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const shots = process.env.MITHAQ_SHOTS;

// The desks of the demo; the registrar's, which all others meet, opens first.
const REGISTRAR = "secretariat";
const DESKS = [REGISTRAR, "ankara", "doha", "islamabad", "kabul"];

const env = { ...process.env, MITHAQ_PASSPHRASE: "exercise" };

// A desk of one participant, founded for this test, that runs until it is closed.
export class Desk {
  // Under the exercise that comes with the program, or what is made of its text.
  static async open(changed) {
    const desk = new Desk();
    desk.folder = mkdtempSync(join(tmpdir(), "mithaq-"));
    if (changed) {
      const path = join(desk.folder, "instrument.toml");
      writeFileSync(path, changed(exercise()));
      desk.say("node", "init", "--solo", "--instrument", path);
    } else {
      desk.say("node", "init", "--solo");
    }
    await desk.run();
    return desk;
  }

  // Over a register that was made before, at the time when that ends; what is done there stays.
  static async over(folder, participant) {
    const desk = new Desk();
    Object.assign(desk, { folder, participant, isKept: true, now: readFileSync(join(folder, "ready"), "utf8").trim() });
    await desk.run();
    return desk;
  }

  // What a command prints.
  say(...words) {
    const options = { env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] };
    return execFileSync(program, [...this.at(), "--work-factor", "10", ...words], options);
  }

  data() {
    return join(this.folder, this.participant ?? "data");
  }

  keys() {
    return join(this.folder, this.participant ? `${this.participant}.keys` : "keys");
  }

  at() {
    return ["--keys", this.keys(), "--data", this.data(), ...(this.now ? ["--now", this.now] : [])];
  }

  async run() {
    const how = ["--json", "node", "run", "--listen", `127.0.0.1:${this.port ?? 0}`, "--every", "1s"];
    const { process, said } = await started([...this.at(), ...how]);
    this.process = process;
    this.port = said.listens.split(":").at(-1);
  }

  // A link, made while the node runs.
  link(...more) {
    return this.say("node", "link", ...more).trim();
  }

  async stop() {
    await ended(this.process, "SIGTERM");
  }

  async close() {
    await this.stop();
    if (!this.isKept) rmSync(this.folder, { recursive: true });
  }
}

// The exercise, taking what a key signs that lies on this machine.
const exercise = () => {
  const text = readFileSync(new URL("../../instruments/exercise.toml", import.meta.url), "utf8");
  const kinds = ["open", "step", "offer", "grant", "hold", "challenge", "extend", "suspend", "resume", "confirm", "withdraw"];
  return `${text}\n[custody]\n${kinds.map((kind) => `${kind} = "hosted"\n`).join("")}`;
};

// The story of the demo, played once for all journeys that go on from it; the folder that has it, and when it ends.
const told = () => {
  const folder = process.env.MITHAQ_TOLD ?? mkdtempSync(join(tmpdir(), "mithaq-"));
  const [five, said] = [join(folder, "five"), join(folder, "told.json")];
  if (!existsSync(said)) {
    mkdirSync(folder, { recursive: true });
    const options = { env, stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1 << 26 };
    writeFileSync(said, execFileSync(program, ["--json", "demo", "--once", "--out", five], options));
  }
  return { folder, five, ends: new Date(JSON.parse(readFileSync(said, "utf8")).state["as-of"]) };
};

// The five desks of the demo, with their story in them, each a node; they meet again and again until they are closed.
export class Five {
  static async open() {
    const five = new Five();
    five.base = mkdtempSync(join(tmpdir(), "mithaq-"));
    five.folder = join(five.base, "five");
    five.keys = `${five.folder}.keys`;
    const story = told();
    cpSync(story.five, five.folder, { recursive: true });
    cpSync(`${story.five}.keys`, five.keys, { recursive: true });
    if (!process.env.MITHAQ_TOLD) rmSync(story.folder, { recursive: true });
    five.now = story.ends;
    five.ports = Object.fromEntries(DESKS.map((who) => [who, 0]));
    five.nodes = [];
    await five.later(0);
    return five;
  }

  // A link that opens a desk, once.
  link(who) {
    return this.say(who, "node", "link").trim();
  }

  // What a command prints at one of them, at the time that it is there.
  say(who, ...words) {
    const options = { env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] };
    return execFileSync(program, [...this.at(who), "--work-factor", "10", ...words], options);
  }

  at(who) {
    const went = Date.now() - (this.since ?? Date.now());
    const now = new Date(this.now.getTime() + went).toISOString().slice(0, 19).replace("T", " ");
    return ["--data", join(this.folder, who), "--keys", join(this.keys, who), "--now", now];
  }

  // All of them shut, and open again so many hours later, at the same addresses. Marks that are farther apart than the
  // agreement says leave time that counts for no clock: so it is three days at most.
  async later(hours) {
    await this.stop();
    // Time went on while they were open.
    const went = Date.now() - (this.since ?? Date.now());
    this.now = new Date(this.now.getTime() + went + hours * 3_600_000);
    this.since = Date.now();
    for (const who of DESKS) this.nodes.push(await this.start(who));
  }

  // Opens the node of one. Each meets those that open before it: what is sealed goes to those alone who can open it.
  async start(who) {
    const how = ["--json", "node", "run", "--listen", `127.0.0.1:${this.ports[who]}`, "--every", "1s"];
    const before = DESKS.slice(0, DESKS.indexOf(who));
    const meets = before.flatMap((other) => ["--meet", `${other}=http://127.0.0.1:${this.ports[other]}`]);
    const shows = who === REGISTRAR ? ["--public", "proofs"] : [];
    const { process, said } = await started([...this.at(who), ...how, ...meets, ...shows]);
    this.ports[who] = said.listens.split(":").at(-1);
    return process;
  }

  // One is killed, as by a power cut, and opens again at the same address.
  async cut(who) {
    const at = DESKS.indexOf(who);
    await ended(this.nodes[at], "SIGKILL");
    this.nodes[at] = await this.start(who);
  }

  // Days go by, and on every second of them the record is marked.
  async days(count) {
    for (let day = 0; day < count; day += 2) {
      const before = await this.mark();
      await this.later(48);
      for (let tries = 0; (await this.mark()) === before; tries += 1) {
        assert.ok(tries < 240, "no mark is made");
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  }

  // The last checkpoint that is cosigned.
  async mark() {
    const answer = await fetch(`http://127.0.0.1:${this.ports[REGISTRAR]}/register/checkpoint`);
    return answer.text();
  }

  // The one that all others meet shuts last.
  async stop() {
    for (const process of this.nodes.splice(0).reverse()) await ended(process, "SIGTERM");
  }

  async close() {
    await this.stop();
    rmSync(this.base, { recursive: true });
  }
}

// The page that stands before the demo's desks, once its story is played: where it is, and how it ends.
export class Start {
  static async open() {
    const start = new Start();
    start.folder = mkdtempSync(join(tmpdir(), "mithaq-"));
    start.process = spawn(program, ["demo", "--out", join(start.folder, "five")], { env, stdio: ["ignore", "pipe", "ignore"] });
    start.address = await new Promise((resolve, reject) => {
      let text = "";
      start.process.stdout.on("data", (more) => {
        text += more;
        const found = text.match(/http:\/\/localhost:\d+\//);
        if (found) resolve(found[0]);
      });
      start.process.once("exit", (code) => reject(new Error(`the demo ended: ${code}`)));
    });
    return start;
  }

  async close() {
    await ended(this.process, "SIGTERM");
    rmSync(this.folder, { recursive: true });
  }
}

// A node that has said where it listens.
const started = async (words) => {
  const process = spawn(program, words, { env, stdio: ["ignore", "pipe", "ignore"] });
  const said = await new Promise((resolve, reject) => {
    let text = "";
    process.stdout.on("data", (more) => {
      text += more;
      if (text.includes("\n")) resolve(JSON.parse(text));
    });
    process.once("exit", (code) => reject(new Error(`the node ended: ${code}`)));
  });
  return { process, said };
};

const ended = async (process, signal) => {
  const gone = new Promise((resolve) => process.once("exit", resolve));
  process.kill(signal);
  await gone;
};

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
    await Promise.all([this.page.waitForEvent("load"), this.page.click(selector)]);
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

  // A picture of the page, as far down as Chromium draws and viewers open one: of ten thousand rows the first tell.
  async shoot(name) {
    const { width } = this.page.viewportSize();
    const height = await this.page.evaluate(() => document.documentElement.scrollHeight);
    const clip = { x: 0, y: 0, width, height: Math.min(height, 16_000) };
    await this.page.screenshot({ path: join(shots, `${name}.png`), fullPage: true, clip });
  }

  // axe finds nothing, and nothing stands out over the side.
  async isGood(name) {
    if (shots) await this.shoot(name);
    await this.judge(name);
    const isWide = await this.page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1);
    assert.ok(!isWide, `${name} stands out over the side`);
  }

  // What axe finds: in the page as it is, or by some of its rules alone.
  async judge(name, rules) {
    // Beside the page's own scripts, which alone the page's policy lets in.
    this.cdp ??= await this.context.newCDPSession(this.page);
    const { result } = await this.cdp.send("Runtime.evaluate", { expression: "typeof window.axe" });
    if (result.value === "undefined") await this.cdp.send("Runtime.evaluate", { expression: axe });
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    const found = await this.page.evaluate((only) => window.axe.run({ runOnly: only }), rules ?? tags);
    const wrongs = found.violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.html).join(" ")}`);
    assert.deepEqual(wrongs, [], name);
  }

  // As it is in the dark, and close together: what a page looks like then is its sheets' alone.
  async isGoodInTheDarkAndDense(name) {
    const rules = ["color-contrast", "target-size", "link-in-text-block"];
    await this.page.emulateMedia({ colorScheme: "dark" });
    await this.judge(`${name}, in the dark`, rules);
    await this.page.emulateMedia({ colorScheme: "light" });
    for (const density of ["compact", "roomy"]) {
      await this.page.evaluate((density) => document.documentElement.setAttribute("data-density", density), density);
      if (density === "compact") await this.judge(`${name}, compact`, rules);
      const isWide = await this.page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1);
      assert.ok(!isWide, `${name}, ${density}, stands out over the side`);
    }
  }

  // Nothing is cut off at its side that says something.
  async isUncut(name) {
    const cut = await this.page.evaluate(() => {
      const is = (one) => {
        const style = getComputedStyle(one);
        const hides = ["hidden", "clip"].includes(style.overflowX) && style.clipPath === "none" && style.position !== "absolute";
        return hides && one.scrollWidth > one.clientWidth + 1 && one.innerText?.trim();
      };
      return [...document.querySelectorAll("main, main *")].filter(is).map((one) => one.outerHTML.slice(0, 200));
    });
    assert.deepEqual(cut, [], `${name} is cut`);
  }

  // Tab leads to all that can be pressed, typed in or chosen, in the order of the page, and where it is can be seen.
  async isReached(name) {
    // What moves into sight is there at once.
    await this.page.emulateMedia({ reducedMotion: "reduce" });
    const count = await this.page.evaluate(() => {
      const all = "a[href], button, input, select, textarea, summary, [tabindex='0'], video[controls], audio[controls]";
      const isThere = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && one.tabIndex >= 0 && one.type !== "hidden";
      // Of choices that go together Tab leads to the chosen one, or the first.
      const isFirst = (one) => {
        if (one.type !== "radio") return true;
        const group = [...document.querySelectorAll(`input[type=radio][name="${CSS.escape(one.name)}"]`)].filter((other) => other.form === one.form);
        return one === (group.find((other) => other.checked) ?? group[0]);
      };
      window.wanted = [...document.querySelectorAll(all)].filter((one) => isThere(one) && isFirst(one));
      window.unseen = [];
      window.reached = new Set();
      document.activeElement?.blur();
      document.addEventListener("focusin", ({ target }) => {
        window.reached.add(target);
        // A ring around it, or around what stands for it.
        const rings = [target, target.parentElement, target.nextElementSibling].filter(Boolean).some((one) => {
          const style = getComputedStyle(one);
          return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== "none";
        });
        const box = target.getBoundingClientRect();
        const isIn = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
        if (!rings || !isIn) window.unseen.push(`${rings ? "out of sight" : "no ring"}: ${target.outerHTML.slice(0, 160)}`);
      });
      return window.wanted.length;
    });
    // A field of a date has several places where Tab stops.
    for (let at = 0; at < count + 40; at += 1) {
      await this.page.keyboard.press("Tab");
      if (at >= count - 1 && at % 4 === 0 && (await this.page.evaluate(() => window.wanted.every((one) => window.reached.has(one))))) break;
    }
    const wrongs = await this.page.evaluate(() => {
      const missed = window.wanted.filter((one) => !window.reached.has(one)).map((one) => `not reached: ${one.outerHTML.slice(0, 160)}`);
      return [...missed, ...window.unseen];
    });
    assert.deepEqual(wrongs, [], name);
    return count;
  }
}
