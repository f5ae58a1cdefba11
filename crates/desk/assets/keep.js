// Keeps a form as it is filled in. Without this script its button does the same, and all else works as it is.
const form = document.querySelector("form.kept");
const saved = document.getElementById("saved");

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
      if (!answer.ok) throw new Error(String(answer.status));
      saved.textContent = (await answer.json()).says;
      // A reload shows the draft, and not an empty form; a page that is no form stays what it is.
      if (!form.closest("[data-onward]")) history.replaceState(null, "", new URL(form.action).pathname);
    } catch {
      if (own.signal.aborted) return;
      sent = "";
      saved.textContent = saved.dataset.failed;
    }
  };

  form.addEventListener("change", keep);
  form.addEventListener("input", () => {
    clearTimeout(waits);
    waits = setTimeout(keep, 1500);
  });
  form.addEventListener("submit", stop);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
  });
}
