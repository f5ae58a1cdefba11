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
  // Whether what was typed last did not arrive.
  let lacks = false;

  // What is under way and late must not arrive behind what is newer.
  const stop = () => {
    clearTimeout(waits);
    if (under) under.abort();
    under = null;
  };

  const tell = (is, isKept) => {
    lacks = !isKept;
    document.dispatchEvent(new CustomEvent("reached", { detail: { is, form, isKept } }));
  };

  // Whoever has signed in again in another window goes on here: the forms of this page take the token of that session.
  const renew = async () => {
    const page = await fetch(location.href, { cache: "no-store" });
    if (!page.ok) return false;
    const token = new DOMParser().parseFromString(await page.text(), "text/html").querySelector('[name="token"]')?.value;
    if (!token) return false;
    for (const field of document.querySelectorAll('input[name="token"]')) field.value = token;
    return true;
  };

  const send = (body, signal) =>
    fetch(form.action, {
      method: "POST",
      headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
      body,
      keepalive: body.length < 60000,
      signal,
    });

  // What was typed, without the token, which a new session changes.
  const typed = (body) => body.replace(/(^|&)token=[^&]*/, "");

  const keep = async () => {
    const now = read();
    if (typed(now) === typed(sent) && !lacks) return;
    stop();
    sent = now;
    const own = new AbortController();
    under = own;
    const again = () => {
      saved.textContent = saved.dataset.failed;
      waits = setTimeout(keep, AGAIN);
    };
    try {
      let answer = await send(now, own.signal);
      if ([401, 403].includes(answer.status)) {
        const why = await answer.json().catch(() => ({}));
        // A desk that is locked holds what is sent to it.
        if (why.error === "locked") {
          tell(true, true);
          saved.textContent = saved.dataset.held;
          return;
        }
        if (await renew()) answer = await send(read(), own.signal);
      }
      if (answer.ok) {
        saved.textContent = (await answer.json()).says;
        tell(true, true);
        // A reload shows the draft, and not an empty form; a page that is no form stays what it is.
        if (!form.closest("[data-onward]")) history.replaceState(null, "", new URL(form.action).pathname);
        return;
      }
      tell(true, false);
      // Until somebody signs in again, in another window. What the node refuses else it would refuse again.
      if ([401, 403].includes(answer.status)) again();
      else saved.textContent = saved.dataset.failed;
    } catch {
      if (own.signal.aborted) return;
      // The line is down: it is tried again until it is kept.
      tell(false, false);
      again();
    }
  };

  form.addEventListener("change", keep);
  form.addEventListener("input", () => {
    clearTimeout(waits);
    waits = setTimeout(keep, 1500);
  });

  // It goes by the form itself, if the node is there; else it stays here, and is kept as soon as it is.
  const look = document.getElementById("offline")?.dataset.look;
  let isThere = false;
  form.addEventListener("submit", async (event) => {
    stop();
    if (isThere || !look) return tell(true, true);
    event.preventDefault();
    try {
      await fetch(look, { method: "HEAD", cache: "no-store" });
      isThere = true;
      form.requestSubmit(event.submitter);
    } catch {
      tell(false, false);
      saved.textContent = saved.dataset.failed;
      waits = setTimeout(keep, AGAIN);
    }
  });
  window.addEventListener("pageshow", () => (isThere = false));
  window.addEventListener("online", () => lacks && keep());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
  });
}
