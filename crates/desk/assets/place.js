// A place in a form: says while it is typed where that is and in which area, and takes it from a map. Without this script
// the form says so once it is kept, and a page finds places by name.
const asks = async (root, text, within) => {
  const query = new URLSearchParams({ q: text, within, as: "json" });
  const answer = await fetch(`${root}/places?${query}`, { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};

// One or two digits that count are enough to say how exactly a place was pointed at.
const round = (metres) => {
  const power = 10 ** Math.floor(Math.log10(metres));
  return Math.max(10, Math.ceil(metres / power) * power);
};

for (const field of document.querySelectorAll("[data-place]")) {
  const { root, choose, middle, assets } = field.dataset;
  const [text, within] = field.querySelectorAll("input");
  const says = field.querySelector("[role=status]");
  let waits = 0;
  let last = 0;
  let shown = null;

  const tell = async () => {
    const turn = (last += 1);
    if (!text.value.trim()) {
      says.textContent = "";
      return;
    }
    try {
      const answer = await asks(root, text.value, within.value);
      if (turn !== last) return;
      says.textContent = answer.says;
      if (answer.found.length === 1) shown?.(answer.found[0]);
    } catch {
      if (turn === last) says.textContent = "";
    }
  };
  field.addEventListener("input", () => {
    clearTimeout(waits);
    waits = setTimeout(tell, 400);
  });

  const take = (lngLat, metres) => {
    const lon = ((((lngLat.lng + 180) % 360) + 360) % 360) - 180;
    text.value = `${lngLat.lat.toFixed(5)}, ${lon.toFixed(5)}`;
    within.value = String(round(metres));
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const button = document.createElement("button");
  button.type = "button";
  button.textContent = choose;
  button.setAttribute("aria-expanded", "false");
  field.append(button);
  button.addEventListener("click", async () => {
    button.disabled = true;
    const frame = document.createElement("div");
    frame.className = "map-frame choosing";
    Object.assign(frame.dataset, field.dataset);
    field.append(frame);
    try {
      const { open, buttons } = await import(`${assets}map.js`);
      const drawn = await open(frame);
      const { map } = drawn;
      map.addSource("picked", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
      const ink = getComputedStyle(document.documentElement).getPropertyValue("--ink").trim();
      map.addLayer({
        id: "picked",
        type: "circle",
        source: "picked",
        paint: { "circle-radius": 6, "circle-color": ink },
      });
      shown = (found) => {
        const [lat, lon] = found.text.split(",").map(Number);
        map.getSource("picked").setData({ type: "Point", coordinates: [lon, lat] });
      };
      // About as far as a finger or a pointer may be off.
      const off = () => {
        const { lat } = map.getCenter();
        return (4 * 78271.5 * Math.cos((lat * Math.PI) / 180)) / 2 ** map.getZoom();
      };
      map.on("click", (event) => take(event.lngLat, off()));
      const row = buttons(frame, drawn);
      const centre = document.createElement("button");
      centre.type = "button";
      centre.textContent = middle;
      centre.addEventListener("click", () => take(map.getCenter(), off()));
      row.append(centre);
      button.remove();
      map.getCanvas().focus();
      tell();
    } catch (error) {
      frame.remove();
      button.remove();
      says.textContent = field.dataset.failed;
      console.info("the map that moves is not shown:", error);
    }
  });
  tell();
}
