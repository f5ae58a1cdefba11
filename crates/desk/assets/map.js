// The map that moves, in place of the one that stands still: every `data-tiles` frame of a page. It asks this desk alone.
import { Map as Moving } from "./maplibre-gl.mjs";

const FONT = ["Mithaq"];

// Pixels at zoom 0 become as many as they are on the ground.
const onGround = (pixels) => ["interpolate", ["exponential", 2], ["zoom"], 0, pixels, 24, ["*", pixels, 2 ** 24]];

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function layers() {
  const [paper, ink, ink2, ink3, rule] = ["--paper", "--ink", "--ink-2", "--ink-3", "--rule-strong"].map(colour);
  const label = (size) => ({ "text-font": FONT, "text-size": size });
  const halo = (of) => ({ "text-color": of, "text-halo-color": paper, "text-halo-width": 1.5 });
  const line = (id, of, width, opacity) => ({
    id: `base-${id}`,
    type: "line",
    source: "base",
    "source-layer": id,
    paint: { "line-color": of, "line-width": width, "line-opacity": opacity },
  });
  const single = ["!", ["has", "count"]];
  return [
    { id: "paper", type: "background", paint: { "background-color": paper } },
    // Of a pack these are drawn and nothing else: no area is filled but water, and no line is a limit of anything.
    { id: "base-water", type: "fill", source: "base", "source-layer": "water", paint: { "fill-color": ink3, "fill-opacity": 0.12 } },
    line("contour", rule, 0.5, 0.4),
    line("coast", ink3, 1, 0.6),
    line("river", ink3, 1.2, 0.5),
    line("road", rule, 2, 0.4),
    {
      id: "base-place",
      type: "symbol",
      source: "base",
      "source-layer": "place",
      layout: { ...label(11), "text-field": ["get", "name"] },
      paint: halo(ink2),
    },
    // As far as the lines are used, and no farther: what lies beyond is nobody's to show here.
    {
      id: "beyond",
      type: "fill",
      source: "lines",
      filter: ["==", ["get", "is"], "beyond"],
      paint: { "fill-color": paper, "fill-antialias": false },
    },
    { id: "grid", type: "line", source: "grid", paint: { "line-color": rule, "line-width": 0.5, "line-opacity": 0.5 } },
    {
      id: "grid-label",
      type: "symbol",
      source: "grid",
      filter: ["==", ["geometry-type"], "Point"],
      layout: { ...label(10), "text-field": ["get", "label"], "text-anchor": "bottom-left" },
      paint: halo(ink3),
    },
    {
      id: "band",
      type: "line",
      source: "lines",
      filter: ["==", ["geometry-type"], "LineString"],
      layout: { "line-join": "round" },
      paint: { "line-color": ink3, "line-opacity": 0.14, "line-width": onGround(["get", "band"]) },
    },
    {
      id: "reference-line",
      type: "line",
      source: "lines",
      filter: ["==", ["geometry-type"], "LineString"],
      paint: { "line-color": ink2, "line-width": 1.25, "line-dasharray": [6, 4] },
    },
    {
      id: "named",
      type: "circle",
      source: "lines",
      filter: ["==", ["get", "is"], "name"],
      paint: { "circle-radius": 3, "circle-color": ink3 },
    },
    {
      id: "unsure",
      type: "circle",
      source: "matters",
      "source-layer": "matters",
      filter: single,
      paint: {
        "circle-radius": onGround(["get", "unsure"]),
        "circle-color": ink,
        "circle-opacity": 0.06,
        "circle-stroke-color": ink,
        "circle-stroke-width": 1,
        "circle-stroke-opacity": 0.5,
      },
    },
    {
      id: "point",
      type: "circle",
      source: "matters",
      "source-layer": "matters",
      filter: single,
      paint: { "circle-radius": 5, "circle-color": ink, "circle-stroke-color": paper, "circle-stroke-width": 1.5 },
    },
    {
      id: "cluster",
      type: "circle",
      source: "matters",
      "source-layer": "matters",
      filter: ["has", "count"],
      paint: {
        "circle-radius": ["step", ["get", "count"], 12, 100, 15, 1000, 18, 10000, 22],
        "circle-color": paper,
        "circle-stroke-color": ink,
        "circle-stroke-width": 1.5,
      },
    },
    {
      id: "cluster-count",
      type: "symbol",
      source: "matters",
      "source-layer": "matters",
      filter: ["has", "count"],
      layout: { ...label(12), "text-field": ["to-string", ["get", "count"]], "text-allow-overlap": true },
      paint: halo(ink),
    },
    {
      id: "area-label",
      type: "symbol",
      source: "lines",
      filter: ["==", ["get", "is"], "area"],
      layout: { ...label(13), "text-field": ["get", "label"], "text-padding": 70 },
      paint: halo(ink2),
    },
    {
      id: "name-label",
      type: "symbol",
      source: "lines",
      filter: ["==", ["get", "is"], "name"],
      layout: { ...label(11), "text-field": ["get", "label"], "text-anchor": "bottom-left", "text-offset": [0.4, -0.2] },
      paint: halo(ink2),
    },
    {
      id: "line-label",
      type: "symbol",
      source: "lines",
      filter: ["==", ["geometry-type"], "LineString"],
      layout: { ...label(12), "symbol-placement": "line", "text-field": ["get", "label"], "text-offset": [0, 1] },
      paint: halo(ink2),
    },
  ];
}

// Meridians and parallels of what is seen, at most some six each way.
function grid(bounds) {
  const [west, south, east, north] = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  const steps = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 45, 90];
  const step = steps.find((one) => (east - west) / one <= 6) ?? 90;
  const decimals = step < 0.01 ? 3 : step < 0.1 ? 2 : step < 1 ? 1 : 0;
  const features = [];
  const add = (type, coordinates, label) =>
    features.push({ type: "Feature", properties: { label }, geometry: { type, coordinates } });
  const said = (of, [plus, minus]) => `${Math.abs(of).toFixed(decimals)}°${of < 0 ? minus : plus}`;
  for (let n = Math.ceil(west / step); n * step <= east; n += 1) {
    add("LineString", [[n * step, Math.max(south, -85)], [n * step, Math.min(north, 85)]]);
    add("Point", [n * step, south], said(((n * step + 540) % 360) - 180, ["E", "W"]));
  }
  for (let n = Math.ceil(south / step); n * step <= north; n += 1) {
    add("LineString", [[west, n * step], [east, n * step]]);
    add("Point", [west, n * step], said(n * step, ["N", "S"]));
  }
  return { type: "FeatureCollection", features };
}

const empty = { type: "FeatureCollection", features: [] };

// Draws a map in a frame; `about` is what this desk says of lines and of its pack.
export async function open(frame) {
  const { root, tiles, query, assets } = frame.dataset;
  const answer = await fetch(`${root}/about`, { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const about = await answer.json();
  const here = location.origin;
  const holder = document.createElement("div");
  holder.className = "moving-map";
  frame.prepend(holder);
  const vector = (path, maxzoom) => ({ type: "vector", tiles: [`${here}${path}`], maxzoom });
  const sources = {
    base: { ...vector(`${root}/base/{z}/{x}/{y}`, about.base.maxzoom), minzoom: about.base.minzoom },
    lines: { type: "geojson", data: about.lines },
    grid: { type: "geojson", data: empty },
    matters: tiles ? vector(`${tiles}/{z}/{x}/{y}${query}`, 18) : { type: "geojson", data: empty },
  };
  // A pack is not drawn much larger than it goes: it does not know more exactly where its lines are.
  const maxzoom = Math.min(about.base.maxzoom + 3, 24);
  const drawn = layers()
    .filter((layer) => tiles || layer.source !== "matters")
    .map((layer) => (layer.source === "base" ? { ...layer, maxzoom } : layer));
  const style = { version: 8, glyphs: `${here}${assets}glyphs/{fontstack}/{range}`, sources, layers: drawn };
  const bounds = frame.dataset.bounds.split(",").map(Number);
  const map = new Moving({
    container: holder,
    style,
    bounds: [bounds.slice(0, 2), bounds.slice(2)],
    maxZoom: 17,
    maxPitch: 0,
    dragRotate: false,
    pitchWithRotate: false,
    attributionControl: false,
    locale: { "Map.Title": frame.dataset.region },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  const redraw = () => map.getSource("grid").setData(grid(map.getBounds()));
  await new Promise((resolve, reject) => {
    map.once("load", resolve);
    map.once("error", (event) => reject(event.error));
  });
  map.on("moveend", redraw);
  redraw();
  frame.classList.add("moves");
  return { map, about, bounds };
}

// Buttons for whoever has no wheel.
export function buttons(frame, { map, bounds }) {
  const row = document.createElement("p");
  row.className = "map-buttons noprint";
  const add = (words, press) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words;
    button.addEventListener("click", press);
    row.append(button);
  };
  add(frame.dataset.nearer, () => map.zoomIn());
  add(frame.dataset.farther, () => map.zoomOut());
  add(frame.dataset.whole, () => map.fitBounds([bounds.slice(0, 2), bounds.slice(2)]));
  frame.append(row);
  return row;
}

const link = (href, words) => {
  const it = document.createElement("a");
  it.href = href;
  it.textContent = words;
  return it;
};

function list(frame, says, { map, bounds }) {
  const row = buttons(frame, { map, bounds });
  const inView = link("", frame.dataset.inView);
  row.append(" ", inView);
  const listed = ([west, south, east, north]) => {
    const query = new URLSearchParams(frame.dataset.query.slice(1));
    query.set("box", [west, south, east, north].map((side) => side.toFixed(5)).join(","));
    return `${frame.dataset.list}?${query}`;
  };
  const wrapped = (lon) => ((((lon + 180) % 360) + 360) % 360) - 180;
  const seen = () => {
    const box = map.getBounds();
    const whole = box.getEast() - box.getWest() >= 360;
    const [west, east] = whole ? [-180, 180] : [wrapped(box.getWest()), wrapped(box.getEast())];
    inView.href = listed([west, Math.max(box.getSouth(), -90), east, Math.min(box.getNorth(), 90)]);
  };
  map.on("moveend", seen);
  seen();
  map.on("click", (event) => {
    const [found] = map.queryRenderedFeatures(event.point, { layers: ["point", "cluster"] });
    if (!found) return;
    const { count, same, reference, title, href } = found.properties;
    const [lon, lat] = found.geometry.coordinates;
    if (!count) {
      const isolated = document.createElement("bdi");
      isolated.textContent = title;
      says.replaceChildren(link(href, reference), " · ", isolated);
    } else if (same || map.getZoom() >= 16.5) {
      const near = 0.0002;
      says.replaceChildren(link(listed([lon - near, lat - near, lon + near, lat + near]), frame.dataset.inView));
    } else {
      map.easeTo({ center: [lon, lat], zoom: Math.min(map.getZoom() + 2.5, 17) });
    }
  });
  for (const layer of ["point", "cluster"]) {
    map.on("mouseenter", layer, () => map.getCanvas().classList.add("can"));
    map.on("mouseleave", layer, () => map.getCanvas().classList.remove("can"));
  }
}

for (const frame of document.querySelectorAll("[data-tiles]")) {
  const says = document.getElementById("map-says");
  try {
    const drawn = await open(frame);
    list(frame, says, drawn);
    says.textContent = frame.dataset.moves;
  } catch (error) {
    frame.classList.remove("moves");
    frame.querySelector(".moving-map")?.remove();
    says.textContent = frame.dataset.failed;
    console.info("the map that moves is not shown:", error);
  }
}
