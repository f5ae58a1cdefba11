// Makes a passkey, and tries it once: what it asserts is checked as it will be under acts.
import { assert, before, bytes, text } from "./passkey.js";

const ES256 = -7;
const form = document.querySelector("form[data-passkey-enrols]");

if (form) {
  const { challenge, rp, name, user, who } = form.dataset;
  const field = (name) => form.elements.namedItem(name);
  // If only the trial fails, the same passkey is tried again.
  let made = "";
  before(form, () => true, async () => {
    if (!made) {
      const credential = await navigator.credentials.create({
        publicKey: {
          challenge: bytes(challenge),
          rp: { id: rp, name },
          user: { id: bytes(user), name: who, displayName: who },
          pubKeyCredParams: [{ type: "public-key", alg: ES256 }],
          authenticatorSelection: { residentKey: "required", userVerification: "required" },
          attestation: "none",
          timeout: 120000,
        },
      });
      const key = credential.response.getPublicKey();
      if (!key || credential.response.getPublicKeyAlgorithm() !== ES256) throw new Error("another kind of key");
      field("key").value = text(key);
      made = text(credential.rawId);
    }
    const tried = await assert({ challenge, rp, credentials: [made] });
    field("credential").value = tried.credential;
    field("assertion").value = tried.assertion;
    return true;
  });
}
