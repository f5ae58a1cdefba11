// A base map for tests: a PMTiles file (version 3) of one vector tile that stands at every place, with a line across it for
// each layer. Sources: PMTiles 3, Mapbox Vector Tile 2.1.
const varint = (number) => {
  const bytes = [];
  for (; number >= 128; number = Math.floor(number / 128)) bytes.push((number % 128) + 128);
  return [...bytes, number];
};
const field = (number, bytes) => [...varint(number * 8 + 2), ...varint(bytes.length), ...bytes];
const whole = (number, value) => [...varint(number * 8), ...varint(value)];
const letters = (text) => [...Buffer.from(text)];
const signed = (number) => (number < 0 ? -number * 2 - 1 : number * 2);

const EXTENT = 4096;

// A line from one side of the tile to the other, aslant.
const layer = (name) => {
  const [move, line] = [1 + 8, 2 + 8];
  const geometry = [move, signed(0), signed(1024), line, signed(EXTENT), signed(2048)].flatMap(varint);
  const feature = [...whole(3, 2), ...field(4, geometry)];
  return field(3, [...whole(15, 2), ...field(1, letters(name)), ...field(2, feature), ...whole(5, EXTENT)]);
};

export const pack = (layers, says, zoom = 10) => {
  const tile = Buffer.from(layers.flatMap(layer));
  // All tiles down to a zoom, one after the other, are the same.
  const all = (4 ** (zoom + 1) - 1) / 3;
  const root = Buffer.from([1, 0, all, tile.length, 1].flatMap(varint));
  const about = Buffer.from(JSON.stringify({ source: says }));
  const head = Buffer.alloc(127);
  head.write("PMTiles");
  head[7] = 3;
  const at = [127, 127 + root.length, 127 + root.length + about.length];
  const parts = [at[0], root.length, at[1], about.length, at[2], 0, at[2], tile.length, all, 1, 1];
  parts.forEach((number, place) => head.writeBigUInt64LE(BigInt(number), 8 + 8 * place));
  // In order; nothing is compressed; vector tiles.
  head.set([1, 1, 1, 1, 0, zoom], 96);
  [-180, -85, 180, 85].forEach((degrees, place) => head.writeInt32LE(degrees * 1e7, 102 + 4 * place));
  return Buffer.concat([head, root, about, tile]);
};
