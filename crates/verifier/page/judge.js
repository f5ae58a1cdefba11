// Runs the checks of `audit`, compiled for browsers. The module asks for nothing: it has no imports, so it can reach no
// network, no clock and no file; bytes go in and a verdict comes out.
export const load = async (bytes) => {
  const { instance } = await WebAssembly.instantiate(bytes, {});
  const { file, name, judge, said } = instance.exports;
  return (given, register) => {
    for (const byte of given) file(byte);
    for (const byte of new TextEncoder().encode(register)) name(byte);
    const answer = new Uint8Array(judge());
    for (let at = 0; at < answer.length; at += 1) answer[at] = said(at);
    return JSON.parse(new TextDecoder().decode(answer));
  };
};
