// Signs in by a passkey.
import { ask, assert, before } from "./passkey.js";

const form = document.querySelector("form[data-passkey-enters]");

if (form) {
  before(form, () => true, async () => {
    const question = await ask(form, {});
    const { credential, assertion } = await assert(question);
    form.elements.namedItem("challenge").value = question.challenge;
    form.elements.namedItem("credential").value = credential;
    form.elements.namedItem("assertion").value = assertion;
    return true;
  });
}
