// What a desk says in a language, as its own files have it: the program's messages, and the words of the library's procedures.
// So a journey looks for the same thing in each.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";

const file = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

// The values of the lines `name = …` that a text has, by name.
const lines = (text) => Object.fromEntries([...text.matchAll(/^([a-z][\w-]*) = (.*)$/gm)].map(([, name, value]) => [name, value]));

// A line of TOML, as far as it is a text.
const quoted = (value) => value?.match(/^"([^"]*)"/)?.[1];

// The parts of a TOML file, by what their heads begin with.
const parts = (path, heads) =>
  file(path)
    .split(/^(?=\[)/m)
    .filter((part) => heads.some((head) => part.startsWith(`[${head}]`)))
    .map(lines);

const first = (all, name) => all.map((part) => quoted(part[name])).find((value) => value !== undefined);

const messages = {};
const inLanguage = (lang) => {
  const folder = `crates/lang/texts/${lang}/`;
  messages[lang] ??= lines(readdirSync(new URL(`../../${folder}`, import.meta.url)).map((name) => file(folder + name)).join("\n"));
  return messages[lang];
};

export class Words {
  constructor(lang) {
    this.lang = lang;
  }

  // A message, as far as nothing is filled in: the longest part that stands in one piece.
  message(id) {
    const text = inLanguage(this.lang)[id];
    assert.ok(text, `there is no message ${id} in ${this.lang}`);
    const [longest] = text.split(/\{[^}]*\}/).map((part) => part.trim()).sort((a, b) => b.length - a.length);
    return longest;
  }

  // What a procedure's step, state, field or choice is called.
  word(kind, code) {
    if (this.lang === "en") return code[0].toUpperCase() + code.slice(1).replaceAll("-", " ");
    const own = [`procedures/${kind}.${this.lang}.toml`, `procedures/words.${this.lang}.toml`];
    const word = first(own.flatMap((path) => parts(path, ["words"])), code);
    assert.ok(word, `${code} of ${kind} has no word in ${this.lang}`);
    return word;
  }

  // What a participant of the demo is called.
  party(id) {
    const [text] = file("instruments/doha-istanbul-2025.toml").split(/^(?=\[)/m).filter((part) => part.startsWith(`[participant.${id}]`));
    const own = this.lang === "en" ? /^names = .*\blabel = "([^"]*)"/m : new RegExp(`^labels = .*\\b${this.lang} = "([^"]*)"`, "m");
    const label = text?.match(own)?.[1];
    assert.ok(label, `${id} has no name in ${this.lang}`);
    return label;
  }

  // The sentence that says how a matter stands.
  state(kind, code) {
    const heads = ["states", "rests", "ends"];
    const [path, found] =
      this.lang === "en"
        ? [`procedures/${kind}.toml`, heads.map((head) => `procedure.${kind}.${head}`)]
        : [`procedures/${kind}.${this.lang}.toml`, heads];
    const sentence = first(parts(path, found), code);
    assert.ok(sentence, `${path} does not say what ${code} is`);
    return sentence;
  }
}
