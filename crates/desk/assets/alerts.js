// Says at once that something is new since the page was made: a line, and no row moves. Without this script the page says
// it when it is opened again.
const place = document.querySelector("[data-events]");

if (place && "EventSource" in window) {
  let source = null;

  const show = (says) => {
    const line = document.createElement("p");
    line.className = "band calm";
    const words = document.createElement("span");
    words.textContent = says;
    const link = document.createElement("a");
    link.href = place.dataset.href;
    link.textContent = place.dataset.show;
    line.append(words, " ", link);
    place.replaceChildren(line);
  };

  const open = () => {
    source = new EventSource(place.dataset.events);
    // A stream ends every now and then, and is opened again: whether the node is there is looked into.
    source.addEventListener("error", () => document.hidden || document.dispatchEvent(new Event("doubtful")));
    source.addEventListener("alert", (event) => show(JSON.parse(event.data).says));
  };

  // A browser has few connections to one desk: only the page that is looked at has a stream, and asks from its beginning.
  const follow = () => {
    if (source) source.close();
    source = null;
    if (!document.hidden) open();
  };

  document.addEventListener("visibilitychange", follow);
  window.addEventListener("pagehide", () => source && source.close());
  window.addEventListener("pageshow", (event) => event.persisted && follow());
  follow();
}
