// What stands on paper: the text of a PDF that Chromium has made, page by page, as its fonts say which letter each glyph is.
import assert from "node:assert/strict";
import { inflateSync } from "node:zlib";

// The objects of a file by number: what each says, and what its stream holds.
const objects = (pdf) => {
  const text = pdf.toString("latin1");
  const all = new Map();
  for (const { 1: number, 2: body } of text.matchAll(/(?:^|\n)(\d+) 0 obj\s([\s\S]*?)\nendobj/g)) {
    const at = body.search(/\bstream\r?\n/);
    const says = at < 0 ? body : body.slice(0, at);
    const from = at < 0 ? 0 : at + body.slice(at).match(/^stream\r?\n/)[0].length;
    // Its length, or the object that has it.
    const [, length, isElsewhere] = says.match(/\/Length\s+(\d+)(\s+\d+\s+R)?/) ?? [];
    const count = isElsewhere ? text.match(new RegExp(`(?:^|\\n)${length} 0 obj\\s+(\\d+)`))[1] : length;
    const bytes = Buffer.from(body.slice(from, from + Number(count)), "latin1");
    const stream = at < 0 ? undefined : says.includes("/FlateDecode") ? inflateSync(bytes) : bytes;
    all.set(Number(number), { says, stream: stream?.toString("latin1") });
  }
  return all;
};

const utf16 = (hex) => Buffer.from(hex, "hex").swap16().toString("utf16le");

// Which letters each glyph of a font is.
const letters = (cmap) => {
  const all = new Map();
  for (const [, block] of cmap.matchAll(/beginbfchar([\s\S]*?)endbfchar/g)) {
    for (const [, glyph, to] of block.matchAll(/<(\w+)>\s*<(\w+)>/g)) all.set(parseInt(glyph, 16), utf16(to));
  }
  for (const [, block] of cmap.matchAll(/beginbfrange([\s\S]*?)endbfrange/g)) {
    for (const [, from, until, to] of block.matchAll(/<(\w+)>\s*<(\w+)>\s*<(\w+)>/g)) {
      const [first, last, letter] = [from, until, to].map((hex) => parseInt(hex, 16));
      for (let glyph = first; glyph <= last; glyph += 1) all.set(glyph, String.fromCodePoint(letter + glyph - first));
    }
  }
  return all;
};

// The bytes of a string in a page's stream, as pairs.
const glyphs = (string) => {
  let hex = string.slice(1, -1);
  if (string[0] === "(") {
    const plain = hex.replaceAll(/\\(?:([0-7]{1,3})|(\r?\n)|([\s\S]))/g, (_, octal, cut, one) => {
      if (octal) return String.fromCharCode(parseInt(octal, 8));
      return cut ? "" : ({ n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" }[one] ?? one);
    });
    hex = Buffer.from(plain, "latin1").toString("hex");
  }
  return (hex.match(/.{4}/g) ?? []).map((pair) => parseInt(pair, 16));
};

// The pages of a PDF, each as its text; without spaces, since letters that stand apart are set one by one.
export const pages = (pdf) => {
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  const all = objects(pdf);
  const at = (says, name) => all.get(Number(says.match(new RegExp(`/${name}\\s+(\\d+) 0 R`))?.[1]));
  const found = [...all.values()].filter(({ says }) => /\/Type\s*\/Page\b(?!s)/.test(says));
  return found.map(({ says }) => {
    const fonts = (at(says, "Resources")?.says ?? says).match(/\/Font\s*<<([\s\S]*?)>>/)?.[1] ?? "";
    const known = new Map();
    for (const [, name, number] of fonts.matchAll(/\/(\w+)\s+(\d+) 0 R/g)) {
      const cmap = at(all.get(Number(number)).says, "ToUnicode");
      if (cmap) known.set(name, letters(cmap.stream));
    }
    let [font, text] = [undefined, ""];
    const token = /\/(\w+)\s+[\d.]+\s+Tf|(<[0-9A-Fa-f]*>|\((?:\\[\s\S]|[^\\)])*\))/g;
    for (const [, set, string] of at(says, "Contents").stream.matchAll(token)) {
      if (set) font = known.get(set);
      else if (string) text += glyphs(string).map((glyph) => font?.get(glyph) ?? "").join("");
    }
    return text.replaceAll(/\s+/g, "");
  });
};

// Words as they stand there.
export const onPaper = (words) => words.replaceAll(/\s+/g, "");
