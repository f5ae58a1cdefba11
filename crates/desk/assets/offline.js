// Says calmly that the node can't be reached, since when, of when this page is, and what is not kept there yet. Without this
// script the browser says itself that a page can't be loaded.
const band = document.getElementById("offline");

// How often a node that could not be reached is asked again, in milliseconds.
const AGAIN = 5000;

if (band) {
  // Forms that hold what the node has not got.
  const unkept = new Set();
  let since = null;
  let waits = 0;

  const clock = (at) => new Date(at.getTime() + Number(band.dataset.offset) * 60000).toISOString().slice(11, 16);

  const show = () => {
    band.hidden = since === null;
    if (since === null) return;
    const lines = [band.dataset.says.replace("SINCE", clock(since)).replace("MADE", band.dataset.made)];
    if (unkept.size > 0) lines.push(band.dataset.unkept);
    band.firstElementChild.textContent = lines.join(" ");
  };

  const reached = (is) => {
    clearTimeout(waits);
    // By the node's clock when it made the page, and how long that is ago.
    since = is ? null : (since ?? new Date(Date.parse(band.dataset.exact) + performance.now()));
    if (!is) waits = setTimeout(look, AGAIN);
    show();
  };

  // Any answer is one: that nobody is signed in, or that a record is late, is said elsewhere.
  const look = async () => {
    try {
      await fetch(band.dataset.look, { method: "HEAD", cache: "no-store" });
      reached(true);
    } catch {
      reached(false);
    }
  };

  // What a script found out by itself, and of a form whether all of it is kept there.
  document.addEventListener("reached", ({ detail: { is, form, isKept } }) => {
    if (form && isKept) unkept.delete(form);
    if (form && !isKept) unkept.add(form);
    reached(is);
  });
  // What may be the line's end is looked into.
  document.addEventListener("doubtful", look);
  window.addEventListener("offline", look);
  window.addEventListener("online", look);

  // Whoever leaves a page with something in it that the node has not got is asked first.
  window.addEventListener("beforeunload", (event) => {
    if (unkept.size > 0) event.preventDefault();
  });
}
