// Keeps a form as it is filled in. Without this script its button does the same, and all else works as it is.
const form = document.querySelector("form.kept");
const saved = document.getElementById("saved");

if (form && saved) {
  let waits = 0;
  let sent = "";

  const keep = async () => {
    clearTimeout(waits);
    const body = new URLSearchParams(new FormData(form));
    const now = body.toString();
    if (now === sent) return;
    sent = now;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        headers: { accept: "application/json" },
        body,
        keepalive: now.length < 60000,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      saved.textContent = (await answer.json()).says;
      // A reload shows the draft, and not an empty form.
      history.replaceState(null, "", new URL(form.action).pathname);
    } catch {
      sent = "";
      saved.textContent = saved.dataset.failed;
    }
  };

  form.addEventListener("change", keep);
  form.addEventListener("input", () => {
    clearTimeout(waits);
    waits = setTimeout(keep, 1500);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
  });
}
