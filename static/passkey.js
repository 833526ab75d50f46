// Passkeys: the browser makes one or signs by one, and the form that asked for it carries the answer.
const decoded = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const encoded = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/** One by which somebody signs in. */
async function get(form) {
  const publicKey = { challenge: decoded(form.challenge.value), rpId: form.dataset.host, userVerification: "required" };
  const { id, response } = await navigator.credentials.get({ publicKey });
  return {
    id,
    userHandle: encoded(response.userHandle ?? new ArrayBuffer(0)),
    clientDataJSON: encoded(response.clientDataJSON),
    authenticatorData: encoded(response.authenticatorData),
    signature: encoded(response.signature),
  };
}

/** A new one. */
async function create(form) {
  const { host, blog, user, name, shown, known } = form.dataset;
  const { response } = await navigator.credentials.create({
    publicKey: {
      challenge: decoded(form.challenge.value),
      rp: { id: host, name: blog },
      user: { id: decoded(user), name, displayName: shown },
      pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: "public-key", alg })),
      excludeCredentials: known.split(" ").filter(Boolean).map((id) => ({ type: "public-key", id: decoded(id) })),
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
      attestation: "none",
    },
  });
  return {
    clientDataJSON: encoded(response.clientDataJSON),
    attestationObject: encoded(response.attestationObject),
  };
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("[data-passkey-go]");
  const failed = form.querySelector("[data-passkey-failed]");
  if (!window.PublicKeyCredential || !button) continue;
  button.hidden = false;
  document.querySelector("[data-passkey-none]")?.remove();
  const isNew = form.dataset.passkey === "create";
  const go = async () => {
    failed.hidden = true;
    button.disabled = true;
    try {
      form.passkey.value = JSON.stringify(await (isNew ? create(form) : get(form)));
      form.submit();
    } catch {
      failed.hidden = false;
      button.disabled = false;
    }
  };
  if (isNew) {
    // Enter in a field does what the button does.
    button.type = "submit";
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      go();
    });
  } else {
    button.addEventListener("click", go);
  }
}
