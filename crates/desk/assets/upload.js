// Sends files to the node in pieces, as tus 1.0.0 has it; after a cut it asks how far the node has got, and goes on from
// there. Without this script a small file goes as a form.
const place = document.querySelector("[data-uploads]");
const kept = document.getElementById("kept");

// A piece is short enough for a poor line, and a pause after a cut long enough for the node to notice.
const PIECE = 4 << 20;
const PAUSE = 2000;
const PAUSE_MAX = 30000;

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

// The same file, chosen again, goes on with what is here of it.
const mark = (file) => `upload ${place.dataset.draft} ${file.name} ${file.size} ${file.lastModified}`;

class Refused extends Error {}

const ask = async (path, init) => {
  const headers = { "tus-resumable": "1.0.0", "mithaq-token": place.dataset.token, ...init.headers };
  const answer = await fetch(path, { ...init, headers });
  if (answer.status === 401 || answer.status === 403) throw new Refused(place.dataset.locked);
  return answer;
};

const offset = (answer) => Number(answer.headers.get("upload-offset"));

// Where the upload of a file is, and how far: one that was begun before, or a new one.
const find = async (file) => {
  const before = sessionStorage.getItem(mark(file));
  if (before) {
    const answer = await ask(before, { method: "HEAD" });
    if (answer.ok) return [before, offset(answer)];
    sessionStorage.removeItem(mark(file));
  }
  const said = [["filename", file.name], ["filetype", file.type], ["draft", place.dataset.draft]];
  const answer = await ask(place.dataset.uploads, {
    method: "POST",
    headers: {
      "upload-length": String(file.size),
      "upload-metadata": said.map(([name, value]) => `${name} ${base64(value)}`).join(","),
    },
  });
  if (answer.status >= 500 && answer.status !== 507) throw new Error(String(answer.status));
  if (!answer.ok) throw new Refused(place.dataset.stopped);
  const path = answer.headers.get("location");
  sessionStorage.setItem(mark(file), path);
  return [path, 0];
};

const send = async (path, file, from) => {
  const answer = await ask(path, {
    method: "PATCH",
    headers: { "content-type": "application/offset+octet-stream", "upload-offset": String(from) },
    body: file.slice(from, from + PIECE),
  });
  if (answer.ok) return offset(answer);
  if ([404, 410, 412, 413, 415].includes(answer.status) || answer.status === 507) {
    throw new Refused(place.dataset.stopped);
  }
  throw new Error(String(answer.status));
};

// Brings a file, and says when it has a place here, and how far it is.
const bring = async (file, begun, tell) => {
  let pause = PAUSE;
  let path = null;
  let at = 0;
  for (;;) {
    try {
      if (path === null) {
        [path, at] = await find(file);
        begun(path);
      }
      tell(at);
      while (at < file.size) {
        at = await send(path, file, at);
        pause = PAUSE;
        tell(at);
      }
      sessionStorage.removeItem(mark(file));
      return;
    } catch (why) {
      if (why instanceof Refused) throw why;
      tell(at, place.dataset.cut);
      await wait(pause);
      pause = Math.min(pause * 2, PAUSE_MAX);
      path = null;
    }
  }
};

const line = (file) => {
  const item = document.createElement("li");
  const name = document.createElement("bdi");
  name.textContent = file.name;
  const bar = document.createElement("progress");
  bar.max = Math.max(file.size, 1);
  bar.setAttribute("aria-label", file.name);
  const says = document.createElement("span");
  says.className = "note";
  says.setAttribute("role", "status");
  item.append(name, " ", bar, " ", says);
  place.querySelector(".files").append(item);
  return [item, bar, says];
};

// The file goes with what is written as soon as it has a place here: the form keeps itself then.
const attach = (item, path) => {
  const id = path.split("/").pop();
  if (item.dataset.upload === id) return;
  place.querySelector(`li[data-upload="${id}"]`)?.remove();
  item.dataset.upload = id;
  if (!named(id)) {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = "files";
    input.value = id;
    kept.append(input);
    kept.dispatchEvent(new Event("change"));
  }
  const drop = document.createElement("button");
  drop.type = "button";
  drop.textContent = place.dataset.drop;
  drop.addEventListener("click", () => take(item, id));
  item.append(" ", drop);
};

const named = (id) => kept.querySelector(`input[name=files][value="${id}"]`);

const take = async (item, id) => {
  named(id)?.remove();
  kept.dispatchEvent(new Event("change"));
  await fetch(`${place.dataset.uploads}/${id}/drop`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ token: place.dataset.token }).toString(),
    redirect: "manual",
  });
  item.remove();
};

const add = async (file) => {
  const [item, bar, says] = line(file);
  const percent = (at) => `${Math.floor((at / Math.max(file.size, 1)) * 100)} %`;
  const tell = (at, why) => {
    bar.value = at;
    says.textContent = why ?? (at + PIECE < file.size ? percent(at) : place.dataset.sealing);
  };
  try {
    await bring(file, (path) => attach(item, path), tell);
    says.textContent = place.dataset.whole;
    item.dataset.whole = "";
  } catch (why) {
    says.textContent = why.message;
  }
  bar.remove();
};

// One after the other: a poor line carries one file. From a page that is no form, they lead to the one that they began.
let turn = Promise.resolve();
const takeAll = (files) => {
  for (const file of files) turn = turn.then(() => add(file));
  if ("onward" in place.dataset) turn = turn.then(onward);
};

// Whatever did not come says so where it stands.
const onward = () => {
  const all = [...place.querySelectorAll(".files li")];
  if (all.length > 0 && all.every((item) => "whole" in item.dataset)) kept.requestSubmit();
};

if (place && kept) {
  const input = place.querySelector("input[type=file]");
  const label = place.querySelector("[data-scripted]");
  label.textContent = label.dataset.scripted;
  place.querySelector("[data-plain]").remove();
  input.multiple = true;
  input.addEventListener("change", () => {
    takeAll([...input.files]);
    input.value = "";
  });
  place.addEventListener("dragover", (event) => {
    event.preventDefault();
    place.dataset.over = "";
  });
  place.addEventListener("dragleave", () => delete place.dataset.over);
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    delete place.dataset.over;
    takeAll([...event.dataTransfer.files]);
  });
  for (const item of place.querySelectorAll("li[data-upload]")) {
    item.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      take(item, item.dataset.upload);
    });
  }
}
