// Keys for whoever works without a mouse, by the place of each key on the board: they are the same whatever script its
// letters are in. They are listed by `?`, never heard while somebody types, and can be switched off in the settings.
const list = document.getElementById("keys");
const WAITS = 2000;
let begun = null;
let timer = 0;

const isTyping = (target) =>
  target instanceof Element &&
  (target.closest("textarea, select, [contenteditable]") !== null ||
    (target.matches("input") && !target.matches("[type=radio], [type=checkbox], [type=button], [type=submit]")));

const linkOf = (letter, kinds) => document.querySelector(`.index a[data-key="${letter}"]${kinds ? "[data-new]" : ""}`);

// The next row that leads somewhere, and its link.
const step = (by) => {
  const links = [...document.querySelectorAll("main tbody tr")].map((row) => row.querySelector("a[href]")).filter(Boolean);
  if (links.length === 0) return false;
  const row = document.activeElement && document.activeElement.closest("tr");
  const at = links.findIndex((link) => row !== null && row.contains(link));
  const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1);
  links[next].focus();
  return true;
};

const focus = (control) => {
  if (!control) return false;
  const closed = control.closest("details:not([open])");
  if (closed) closed.open = true;
  control.focus();
  return true;
};

const go = (href) => {
  if (href) location.assign(href);
  return Boolean(href);
};

const second = (letter) => {
  const isNew = begun === "n";
  begun = null;
  if (isNew && letter === "n") return go(document.querySelector(".index a[data-any-new]")?.href);
  const link = linkOf(letter, isNew);
  return go(link && (isNew ? `${link.href}/new` : link.href));
};

const first = (letter) => {
  switch (letter) {
    case "g":
    case "n":
      begun = letter;
      clearTimeout(timer);
      timer = setTimeout(() => (begun = null), WAITS);
      return true;
    case "j":
      return step(1);
    case "k":
      return step(-1);
    case "f":
      // Of forms beside it, which write, none.
      return focus(document.querySelector("main form.filter:not([method]) :is(input:not([type=hidden]), select)"));
    case "e":
      return go(document.querySelector("main a[data-edit]")?.href);
    default:
      return false;
  }
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
  if (isTyping(event.target) || (list && list.open)) return;
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1].toLowerCase();
  let taken = false;
  if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) {
    list?.showModal();
    taken = true;
  } else if (event.key === "/" || event.code === "Slash") {
    taken = focus(document.getElementById("q"));
  } else if (letter && !event.shiftKey) {
    taken = begun ? second(letter) : first(letter);
  }
  if (taken) event.preventDefault();
});
