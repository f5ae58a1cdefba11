const TEXTS = {
  en: {
    what: "verifier, to take away",
    title: "Does this file show what it says",
    lead: "Choose a proof (….mithaq-proof) or a contradiction (….contradiction.json). It is checked on this device. This page has no way to any network, and keeps nothing.",
    name: "Name of the register, by voice",
    "name-note": "Eight groups of four, from somebody who has it from another source than the file: over the telephone, or on paper. Without it any register will do, and its name is only said.",
    file: "The file",
    "file-note": "Choose it, or drop it here.",
    limits: "What this does not show",
    "limit-trusts": "It trusts the first entry of the register, which its name stands for, and the keys and cosigners that this entry and the agreement name. A quorum of cosigners who lie together could be believed.",
    "limit-name": "A proof of another register holds as well: only the name by voice tells which one it is.",
    "limit-sealed": "What was sealed with an act is not in the file, and was not read.",
    "limit-newest": "What came later is not in the file. That an act stands on the record says nothing of whether what it says is so.",
    "limit-page": "Whoever gave you this page could have changed it. Compare its SHA-256 with the one that others show, as with the command sha256sum.",
    review: "English text: not reviewed.",
    exercise: "EXERCISE: nothing in it is real.",
    holds: "It holds",
    "said-entry": "Entry {entry} of the register {voice}.",
    "said-name": "The agreement is called: {name}.",
    "said-act": "{kind}, by {by}. It is signed with {signers}: each of these keys was enrolled on the same record, before it.",
    "said-time": "Registered {registered}, by the registrar’s receipt. Its author says {at}.",
    "said-final": "It stands among {size} entries whose root is cosigned by a quorum: {cosigners}. The entry was joined with {steps} other fingerprints and came to that root; had one letter been altered, it would not.",
    "said-state": "What came of it, as {by} says, who replayed {size} entries, as of {asof}. Each line stands in the state that was signed.",
    lines: "Line by line",
    "not-asked": "The register was not asked for by name. Compare its name by voice with one that you have from elsewhere.",
    asked: "It is the register that you named.",
    convicts: "The contradiction holds: it convicts a key",
    "convicts-note": "Two things were signed of which one is false. Who held the key, and whether it was stolen, bytes cannot say.",
    "convicts-nobody": "The contradiction holds: it convicts nobody",
    "said-register": "In the register {voice}.",
    "not-shown": "It does not show what it says",
    "not-shown-note": "Nobody is accused by that: the file may be damaged, cut, or of another register.",
    unknown: "This is neither a proof nor a contradiction",
    "unknown-note": "A register, or a bundle, is checked by the command mithaq verify.",
    "said-file": "The file: {file}",
    unchecked: "It could not be checked",
    "unchecked-note": "Nothing is known of this file: neither that it holds, nor that it does not.",
    "too-large": "It is too large to be checked here",
    "too-large-note": "Up to 16 MiB are read; no proof and no contradiction is as large. Nothing is known of this file.",
    "no-module": "This browser cannot check it",
    "no-module-note": "It has no WebAssembly, or it is switched off. Nothing is known of this file. Another browser can check it, and so can the command mithaq verify.",
    "no-name": "The name is that of no register",
    "no-name-note": "A name by voice has eight groups of four letters and digits, as it is read out.",
  },
  ur: {
    what: "تصدیق کنندہ، ساتھ لے جانے کے لیے",
    title: "کیا یہ فائل وہی دکھاتی ہے جو کہتی ہے",
    lead: "کوئی ثبوت (….mithaq-proof) یا تضاد (….contradiction.json) چنیں۔ جانچ اسی آلے پر ہوتی ہے۔ اس صفحے کو کسی نیٹ ورک تک راستہ نہیں، اور یہ کچھ نہیں رکھتا۔",
    name: "رجسٹر کا زبانی نام",
    "name-note": "چار چار کے آٹھ گروہ، کسی ایسے سے جس کے پاس یہ فائل کے علاوہ کسی ذریعے سے ہو: فون پر، یا کاغذ پر۔ اس کے بغیر کوئی بھی رجسٹر چلے گا، اور نام صرف بتایا جائے گا۔",
    file: "فائل",
    "file-note": "چنیں، یا یہاں چھوڑیں۔",
    limits: "یہ کیا نہیں دکھاتا",
    "limit-trusts": "یہ رجسٹر کے پہلے اندراج پر بھروسا کرتا ہے، جس کا نام اسی سے بنتا ہے، اور ان چابیوں اور توثیق کنندگان پر جن کے نام اس اندراج اور معاہدے میں ہیں۔ مل کر جھوٹ بولنے والے توثیق کنندگان کے کورم پر یقین ہو سکتا ہے۔",
    "limit-name": "کسی اور رجسٹر کا ثبوت بھی درست نکلتا ہے: صرف زبانی نام بتاتا ہے کہ کون سا رجسٹر ہے۔",
    "limit-sealed": "جو کسی عمل کے ساتھ مہر بند تھا وہ فائل میں نہیں، اور نہیں پڑھا گیا۔",
    "limit-newest": "جو بعد میں آیا وہ فائل میں نہیں۔ عمل کا ریکارڈ پر ہونا یہ نہیں بتاتا کہ جو اس میں کہا گیا وہ درست ہے۔",
    "limit-page": "جس نے یہ صفحہ دیا وہ اسے بدل سکتا تھا۔ اس کا SHA-256 اس سے ملائیں جو دوسرے دکھاتے ہیں، مثلاً sha256sum کمانڈ سے۔",
    review: "اردو متن: عملی ترجمہ، نظرثانی نہیں ہوئی۔",
    exercise: "مشق: اس میں کچھ حقیقی نہیں۔",
    holds: "یہ درست ہے",
    "said-entry": "رجسٹر {voice} کا اندراج {entry}۔",
    "said-name": "معاہدے کا نام: {name}۔",
    "said-act": "{kind}، از {by}۔ دستخط {signers} کے: ان میں سے ہر چابی اسی ریکارڈ پر اس سے پہلے درج ہوئی۔",
    "said-time": "{registered} پر درج ہوا، رجسٹرار کی رسید کے مطابق۔ اس کا مصنف {at} بتاتا ہے۔",
    "said-final": "یہ {size} اندراجات میں ہے جن کی جڑ کورم نے توثیق کی: {cosigners}۔ اندراج کو {steps} دوسرے نشانات سے ملایا گیا اور وہی جڑ نکلی؛ ایک حرف بھی بدلا ہوتا تو نہ نکلتی۔",
    "said-state": "اس کا نتیجہ، {by} کے کہنے کے مطابق، جس نے {size} اندراج دوبارہ چلائے، {asof} تک۔ ہر سطر دستخط شدہ حالت میں ہے۔",
    lines: "سطر بہ سطر",
    "not-asked": "رجسٹر کا نام نہیں پوچھا گیا۔ اس کا زبانی نام اس سے ملائیں جو آپ کے پاس کہیں اور سے ہے۔",
    asked: "یہ وہی رجسٹر ہے جس کا آپ نے نام لیا۔",
    convicts: "تضاد ثابت ہے: یہ ایک چابی کو پکڑتا ہے",
    "convicts-note": "دو باتوں پر دستخط ہوئے جن میں سے ایک غلط ہے۔ چابی کس کے پاس تھی، اور چوری ہوئی تھی یا نہیں، بائٹس نہیں بتا سکتے۔",
    "convicts-nobody": "تضاد ثابت ہے: یہ کسی کو نہیں پکڑتا",
    "said-register": "رجسٹر {voice} میں۔",
    "not-shown": "یہ وہ نہیں دکھاتی جو کہتی ہے",
    "not-shown-note": "اس سے کسی پر الزام نہیں: فائل خراب، کٹی ہوئی، یا کسی اور رجسٹر کی ہو سکتی ہے۔",
    unknown: "یہ نہ ثبوت ہے نہ تضاد",
    "unknown-note": "رجسٹر یا بنڈل mithaq verify کمانڈ سے جانچا جاتا ہے۔",
    "said-file": "فائل: {file}",
    unchecked: "اس کی جانچ نہ ہو سکی",
    "unchecked-note": "اس فائل کے بارے میں کچھ معلوم نہیں: نہ یہ کہ درست ہے، نہ یہ کہ نہیں۔",
    "too-large": "یہ یہاں جانچنے کے لیے بہت بڑی ہے",
    "too-large-note": "16 MiB تک پڑھا جاتا ہے؛ کوئی ثبوت یا تضاد اتنا بڑا نہیں ہوتا۔ اس فائل کے بارے میں کچھ معلوم نہیں۔",
    "no-module": "یہ براؤزر اسے نہیں جانچ سکتا",
    "no-module-note": "اس میں WebAssembly نہیں، یا بند ہے۔ اس فائل کے بارے میں کچھ معلوم نہیں۔ کوئی دوسرا براؤزر اسے جانچ سکتا ہے، اور mithaq verify کمانڈ بھی۔",
    "no-name": "یہ کسی رجسٹر کا نام نہیں",
    "no-name-note": "زبانی نام میں حروف اور ہندسوں کے چار چار کے آٹھ گروہ ہوتے ہیں، جیسے پڑھا جاتا ہے۔",
  },
};

const at = (id) => document.getElementById(id);
let tongue = navigator.language.startsWith("ur") ? "ur" : "en";
let given = null;
// How often something was asked: an answer to what was asked before is not shown.
let turn = 0;

// The most bytes of a file that are read.
const MOST = 16 * 1024 * 1024;

const BAD = ["not-shown", "unknown", "no-name", "unchecked", "too-large", "no-module"];

// The module anew for each file: nothing of one file, and no trap, comes into the verdict on the next.
const judging = () => {
  const text = at("module").textContent.trim();
  return load(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
};

const add = (parent, tag, text, className) => {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  parent.append(element);
  return element;
};

// A sentence, with what is filled in kept apart from its direction.
const say = (parent, id, filled = {}, tag = "li") => {
  const line = add(parent, tag);
  for (const part of TEXTS[tongue][id].split(/(\{[a-z]+\})/)) {
    const value = part.startsWith("{") ? filled[part.slice(1, -1)] : undefined;
    if (value === undefined) line.append(part);
    else add(line, "bdi", value);
  }
};

const time = (text) => `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`;

const clear = () => {
  const out = at("verdict");
  out.replaceChildren();
  out.className = "";
  return out;
};

const tell = (verdict, file) => {
  const t = TEXTS[tongue];
  const out = clear();
  out.className = BAD.includes(verdict.verdict) || verdict.convicts ? "bad" : "";
  say(out, "said-file", { file: file.name }, "p");
  if (verdict.register?.["is-exercise"]) add(out, "p", t.exercise, "marking");
  if (verdict.verdict === "proved") {
    add(out, "h2", t.holds);
    const all = add(out, "ul");
    say(all, "said-entry", { entry: verdict.entry, voice: verdict.register.voice });
    say(all, verdict.register["is-asked-for"] ? "asked" : "not-asked");
    if (verdict.name) say(all, "said-name", { name: verdict.name });
    say(all, "said-act", { kind: verdict.kind, by: verdict.label ?? verdict.by, signers: verdict.signers.join(", ") });
    say(all, "said-time", { registered: time(verdict.registered), at: time(verdict.at) });
    const cosigners = verdict.cosigners.map((one) => `${one.name} ${time(one.time)}`).join(", ");
    say(all, "said-final", { size: verdict.size, cosigners, steps: verdict.path.length });
    if (verdict.state) {
      say(all, "said-state", { by: verdict.state.by, size: verdict.state.size, asof: time(verdict.state["as-of"]) });
      const lines = add(out, "details");
      add(lines, "summary", t.lines);
      add(lines, "pre", verdict.state.lines.join("\n"));
    }
  } else if (verdict.verdict === "contradicted") {
    add(out, "h2", verdict.convicts ? t.convicts : t["convicts-nobody"]);
    const english = add(out, "p", verdict.says);
    english.lang = "en";
    english.dir = "ltr";
    const all = add(out, "ul");
    say(all, "said-register", { voice: verdict.register.voice });
    say(all, verdict.register["is-asked-for"] ? "asked" : "not-asked");
    if (verdict.convicts) say(all, "convicts-note");
    add(out, "pre", verdict.facts.map(([name, value]) => `${name}: ${value}`).join("\n"));
  } else {
    add(out, "h2", t[verdict.verdict]);
    add(out, "p", t[`${verdict.verdict}-note`]);
    if (verdict.why) {
      const why = add(out, "p", verdict.why, "mono");
      why.lang = "en";
      why.dir = "ltr";
    }
  }
};

const verdict = async (file, register) => {
  if (typeof WebAssembly === "undefined") return { verdict: "no-module" };
  if (file.size > MOST) return { verdict: "too-large" };
  const [bytes, run] = await Promise.all([file.arrayBuffer(), judging()]);
  return run(new Uint8Array(bytes), register);
};

const judge = async () => {
  turn += 1;
  const mine = turn;
  const file = given;
  clear();
  if (!file) return;
  const unchecked = (error) => ({ verdict: "unchecked", why: String(error) });
  const found = await verdict(file, at("name").value).catch(unchecked);
  if (mine !== turn) return;
  try {
    tell(found, file);
  } catch (error) {
    tell(unchecked(error), file);
  }
};

const speak = (language) => {
  tongue = language;
  document.documentElement.lang = language;
  document.documentElement.dir = language === "ur" ? "rtl" : "ltr";
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = TEXTS[language][element.dataset.t];
  for (const button of document.querySelectorAll("[data-lang]")) button.setAttribute("aria-pressed", String(button.dataset.lang === language));
  judge();
};

for (const button of document.querySelectorAll("[data-lang]")) button.addEventListener("click", () => speak(button.dataset.lang));
// A file that is chosen again has perhaps become another.
at("file").addEventListener("click", () => {
  at("file").value = "";
  given = null;
  judge();
});
at("file").addEventListener("change", (event) => {
  given = event.target.files[0] ?? null;
  judge();
});
at("name").addEventListener("change", judge);
const drop = at("drop");
for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
for (const name of ["dragleave", "drop"]) document.addEventListener(name, () => drop.classList.remove("over"));
document.addEventListener("drop", (event) => {
  event.preventDefault();
  // What was chosen before is no longer what the page speaks of.
  at("file").value = "";
  given = event.dataTransfer.files[0] ?? null;
  judge();
});
speak(tongue);
