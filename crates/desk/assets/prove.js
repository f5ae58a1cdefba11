// Checks an entry's proof in this browser, by the module that checks it everywhere, and holds what comes out to what the
// page says. Without this script the page says all it says, and the proof can be taken away.
import { load } from "./judge.js";

const place = document.getElementById("prove");
const button = place?.querySelector("button");

const run = async () => {
  const { module, proof, genesis } = place.dataset;
  const get = async (address) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  };
  const [code, file] = await Promise.all([get(module), get(proof)]);
  const judge = await load(code);
  const began = performance.now();
  const verdict = judge(file, genesis);
  const took = Math.max(1, Math.round(performance.now() - began));
  if (verdict.verdict !== "proved") throw new Error(verdict.why ?? verdict.verdict);
  // The proof holds; is it the one of this entry, to the root that the page draws?
  const { entry, leaf, root, size } = place.dataset;
  const said = { entry: String(verdict.entry), leaf: verdict.leaf };
  if (said.entry !== entry || said.leaf !== leaf) throw new Error(`it is the proof of entry ${said.entry}`);
  if (verdict.size < Number(size)) throw new Error(`it leads to ${verdict.size} entries only`);
  if (verdict.size === Number(size) && verdict.root !== root) throw new Error(`it leads to the root ${verdict.root}`);
  return took;
};

if (button) {
  button.hidden = false;
  const [good, bad] = [place.querySelector(".check"), place.querySelector(".wrong")];
  button.addEventListener("click", async () => {
    button.setAttribute("aria-busy", "true");
    good.hidden = true;
    bad.hidden = true;
    try {
      place.querySelector("[data-took]").textContent = String(await run());
      good.hidden = false;
    } catch (error) {
      place.querySelector("[data-why]").textContent = error.message;
      bad.hidden = false;
    }
    button.removeAttribute("aria-busy");
  });
}
