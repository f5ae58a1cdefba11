// A passkey asserts the act that the desk has written; then the form is sent with what it asserted. A key that lies on the
// node needs nothing of this.
import { ask, assert, before } from "./passkey.js";

const form = document.querySelector("form[data-passkey-signs]");

if (form) {
  const by = form.elements.namedItem("by");
  const chosen = () => (by instanceof HTMLSelectElement ? by.selectedOptions[0] : by);
  // Without the tick the desk says what lacks.
  const concerns = () => "passkey" in chosen().dataset && form.elements.namedItem("ticked").checked;
  before(form, concerns, async () => {
    const question = await ask(form, { ask: "1" });
    if (question.see) {
      location.assign(question.see);
      return false;
    }
    form.elements.namedItem("assertion").value = (await assert(question)).assertion;
    return true;
  });
}
