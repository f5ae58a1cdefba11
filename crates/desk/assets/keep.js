// Keeps a form as it is filled in. Without this script its button does the same, and all else works as it is.
const form = document.querySelector("form.kept");
const saved = document.getElementById("saved");

// How long until what did not arrive is tried again, in milliseconds.
const AGAIN = 5000;

if (form && saved) {
  let waits = 0;
  const read = () => new URLSearchParams(new FormData(form)).toString();
  // An empty form that nobody touches is no draft.
  let sent = read();
  let under = null;

  // What is under way and late must not arrive behind what is newer.
  const stop = () => {
    clearTimeout(waits);
    if (under) under.abort();
    under = null;
  };

  const reached = (is, isKept) => document.dispatchEvent(new CustomEvent("reached", { detail: { is, form, isKept } }));

  const keep = async () => {
    const now = read();
    if (now === sent) return;
    stop();
    sent = now;
    const own = new AbortController();
    under = own;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
        body: now,
        keepalive: now.length < 60000,
        signal: own.signal,
      });
      // What the node refuses it would refuse again; the page says that it is not kept.
      if (!answer.ok) {
        reached(true, false);
        throw new Error(String(answer.status));
      }
      saved.textContent = (await answer.json()).says;
      reached(true, true);
      // A reload shows the draft, and not an empty form; a page that is no form stays what it is.
      if (!form.closest("[data-onward]")) history.replaceState(null, "", new URL(form.action).pathname);
    } catch (fault) {
      if (own.signal.aborted) return;
      sent = "";
      saved.textContent = saved.dataset.failed;
      // The line is down: it is tried again until it is kept.
      if (!(fault instanceof TypeError)) return;
      reached(false, false);
      waits = setTimeout(keep, AGAIN);
    }
  };

  form.addEventListener("change", keep);
  form.addEventListener("input", () => {
    clearTimeout(waits);
    waits = setTimeout(keep, 1500);
  });
  form.addEventListener("submit", () => {
    stop();
    // It goes now, by the form itself.
    reached(navigator.onLine, true);
  });
  window.addEventListener("online", keep);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
  });
}
