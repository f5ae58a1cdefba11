// Says calmly that the node can't be reached, since when, of when this page is, and what is not kept there yet. Without this
// script the browser says itself that a page can't be loaded.
const band = document.getElementById("offline");

if (band) {
  // Forms that hold what the node has not got.
  const unkept = new Set();
  let since = null;

  const clock = (at) => new Date(at.getTime() + Number(band.dataset.offset) * 60000).toISOString().slice(11, 16);

  const show = () => {
    band.hidden = since === null;
    if (since === null) return;
    const lines = [band.dataset.says.replace("SINCE", clock(since)).replace("MADE", band.dataset.made)];
    if (unkept.size > 0) lines.push(band.dataset.unkept);
    band.firstElementChild.textContent = lines.join(" ");
  };

  // Every script that asks the node says whether it was reached, and of a form whether all of it is kept there.
  document.addEventListener("reached", ({ detail: { is, form, isKept } }) => {
    if (form && isKept) unkept.delete(form);
    if (form && !isKept) unkept.add(form);
    // By the node's clock when it made the page, and how long that is ago.
    since = is ? null : (since ?? new Date(Date.parse(band.dataset.exact) + performance.now()));
    show();
  });
  const tell = (is) => document.dispatchEvent(new CustomEvent("reached", { detail: { is } }));
  window.addEventListener("offline", () => tell(false));
  window.addEventListener("online", () => tell(true));

  // Whoever leaves a page with something in it that the node has not got is asked first.
  window.addEventListener("beforeunload", (event) => {
    if (unkept.size > 0) event.preventDefault();
  });
}
