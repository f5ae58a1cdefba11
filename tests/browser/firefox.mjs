// Firefox, driven as W3C WebDriver says by geckodriver, which Playwright can't: a few commands over HTTP.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

// The name under which WebDriver gives an element.
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

// How long something is waited for.
const PATIENCE = 30_000;

const shots = process.env.MITHAQ_SHOTS;

const require = createRequire(join(process.env.MITHAQ_PLAYWRIGHT, "package.json"));
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export class Firefox {
  static async open() {
    const firefox = new Firefox();
    // A browser's own folder: nothing of whoever runs this is touched.
    firefox.home = mkdtempSync(join(tmpdir(), "mithaq-"));
    const env = { ...process.env, HOME: firefox.home, MOZ_HEADLESS: "1" };
    firefox.driver = spawn(process.env.MITHAQ_GECKODRIVER, ["--port", "0"], { env, stdio: ["ignore", "pipe", "ignore"] });
    firefox.at = await new Promise((resolve, reject) => {
      let said = "";
      firefox.driver.stdout.on("data", (more) => {
        said += more;
        const found = /Listening on ([\d.]+:\d+)/.exec(said);
        if (found) resolve(`http://${found[1]}/session`);
      });
      firefox.driver.once("error", reject);
      firefox.driver.once("exit", (code) => reject(new Error(`geckodriver ended: ${code} ${said}`)));
    });
    const options = { binary: process.env.MITHAQ_FIREFOX, args: ["-headless"] };
    const wanted = { browserName: "firefox", "moz:firefoxOptions": options, timeouts: { pageLoad: PATIENCE, script: PATIENCE } };
    const { sessionId } = await firefox.ask("POST", "", { capabilities: { alwaysMatch: wanted } });
    firefox.at = `${firefox.at}/${sessionId}`;
    return firefox;
  }

  // One command; what it gives.
  async ask(method, command, sent) {
    const body = method === "GET" ? undefined : JSON.stringify(sent ?? {});
    const answer = await fetch(`${this.at}${command}`, { method, body, headers: { "content-type": "application/json" } });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${command}: ${value.error}: ${value.message}`);
    return value;
  }

  async close() {
    await this.ask("DELETE", "").catch(() => {});
    const gone = new Promise((resolve) => this.driver.once("exit", resolve));
    this.driver.kill();
    await gone;
    rmSync(this.home, { recursive: true, force: true });
  }

  async go(address) {
    await this.ask("POST", "/url", { url: address });
  }

  address() {
    return this.ask("GET", "/url");
  }

  async find(selector) {
    const found = await this.ask("POST", "/element", { using: "css selector", value: selector });
    return found[ELEMENT];
  }

  async count(selector) {
    return (await this.ask("POST", "/elements", { using: "css selector", value: selector })).length;
  }

  async click(selector) {
    const element = await this.find(selector);
    await this.run("arguments[0].scrollIntoView({block: 'center'})", { [ELEMENT]: element });
    await this.ask("POST", `/element/${element}/click`);
  }

  // Presses what leads to another page, and waits until that is there. A page that goes takes its mark with it.
  async press(selector) {
    await this.run("window.before = true");
    await this.click(selector);
    await this.until(() => this.run("return !window.before && document.readyState === 'complete'"), selector);
  }

  async type(selector, text) {
    const element = await this.find(selector);
    await this.ask("POST", `/element/${element}/value`, { text });
  }

  // A value as a picker of dates or a list gives it.
  async set(selector, value) {
    const sets = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', {bubbles: true}));" +
      " arguments[0].dispatchEvent(new Event('change', {bubbles: true}))";
    await this.run(sets, { [ELEMENT]: await this.find(selector) }, value);
  }

  // What a part of the page says, without the marks that keep a filled-in word apart from the line around it.
  async text(selector) {
    const said = await this.ask("GET", `/element/${await this.find(selector)}/text`);
    return said.replaceAll(/[\u2066-\u2069]/g, "");
  }

  async attribute(selector, name) {
    return this.ask("GET", `/element/${await this.find(selector)}/attribute/${name}`);
  }

  run(script, ...args) {
    return this.ask("POST", "/execute/sync", { script, args });
  }

  async until(holds, what) {
    const ends = Date.now() + PATIENCE;
    while (Date.now() < ends) {
      // Between two pages there may be nothing to ask.
      if (await holds().catch(() => false)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.fail(`it does not come to be: ${what}`);
  }

  async wide(width, height = 900) {
    await this.ask("POST", "/window/rect", { width, height });
  }

  // axe finds nothing, and nothing stands out over the side.
  async isGood(name) {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    const judges = `${axe}; const done = arguments[1]; window.axe.run({ runOnly: arguments[0] }).then((found) =>
      done(found.violations.map((it) => it.id + ": " + it.nodes.map((node) => node.html).join(" "))), (wrong) => done([String(wrong)]))`;
    assert.deepEqual(await this.ask("POST", "/execute/async", { script: judges, args: [tags] }), [], name);
    assert.ok(await this.run("return document.documentElement.scrollWidth <= innerWidth + 1"), `${name} stands out over the side`);
    if (!shots) return;
    const picture = await this.ask("GET", "/moz/screenshot/full");
    writeFileSync(join(shots, `firefox-${name}.png`), Buffer.from(picture, "base64"));
  }
}
