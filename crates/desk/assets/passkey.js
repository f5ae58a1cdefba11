// What the pages with passkeys share: bytes as forms send them, and what is asked of an authenticator.

export const isThere = () => Boolean(window.PublicKeyCredential && navigator.credentials);

export const bytes = (text) => {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
};

export const text = (buffer) => {
  let plain = "";
  for (const byte of new Uint8Array(buffer)) plain += String.fromCharCode(byte);
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};

// As it stands in a signature line: each of the two parts behind its length in two bytes, then the signature.
const payload = (response) => {
  const parts = [response.authenticatorData, response.clientDataJSON].map((part) => new Uint8Array(part));
  const signature = new Uint8Array(response.signature);
  const all = parts.flatMap((part) => [part.length >> 8, part.length & 255, ...part]);
  return text(Uint8Array.from([...all, ...signature]));
};

// Asks a passkey to assert a challenge, with its holder verified.
export const assert = async ({ challenge, rp, credentials }) => {
  const known = credentials.map((id) => ({ type: "public-key", id: bytes(id) }));
  const credential = await navigator.credentials.get({
    publicKey: {
      challenge: bytes(challenge),
      rpId: rp,
      allowCredentials: known,
      userVerification: "required",
      timeout: 120000,
    },
  });
  return { credential: text(credential.rawId), assertion: payload(credential.response) };
};

// Asks the desk by a form's own fields, and what more is given.
export const ask = async (form, more) => {
  const body = new URLSearchParams(new FormData(form));
  for (const [name, value] of Object.entries(more)) body.set(name, value);
  const answer = await fetch(form.action, {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
    body: body.toString(),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};

// Lets a form be sent once its passkey has answered; says how far that is.
export const before = (form, concerns, work) => {
  const says = form.querySelector("[data-says]");
  if (!isThere()) says.textContent = says.dataset.none;
  form.addEventListener("submit", async (event) => {
    if (!concerns()) return;
    event.preventDefault();
    if (!isThere()) return;
    const button = form.querySelector("button");
    button.disabled = true;
    says.textContent = says.dataset.waits;
    try {
      if (await work()) form.submit();
    } catch {
      says.textContent = says.dataset.failed;
    } finally {
      button.disabled = false;
    }
  });
};
