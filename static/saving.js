// Keeps what is typed: in this browser at once, on the server shortly after, one save at a time. It never writes into a field
// by itself, and says in words where the text is.

const form = document.querySelector("form[data-saving]");
const AFTER = 3_000;
const EVERY = 10_000;
const KEPT = "post:";
const MOST_KEPT = 30;

if (form) keep(form);

function keep(form) {
  const says = form.querySelector("[data-state]");
  const key = KEPT + form.dataset.uuid;
  let address = form.dataset.saving;
  // What the server has; what an answer gave back unsaved it has not.
  let saved = "unsaved" in form.dataset ? null : read();
  let timer = 0;
  // When the first change came that is not sent yet.
  let first = 0;
  let sending = null;
  let failed = false;
  let leaving = false;
  // Whether what is typed now is in this browser; and whether saving by itself has come to an end.
  let kept = true;
  let stopped = false;

  offer();
  if (saved === null) changed();
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  addEventListener("online", soon);
  addEventListener("focus", () => isNew() && soon());
  addEventListener("pageshow", (event) => event.persisted && isNew() && soon());
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && isNew() && send());
  addEventListener("beforeunload", (event) => {
    if (!leaving && isNew() && !kept) event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formTarget) return;
    // This save comes after all before it.
    leaving = true;
    sending?.abort();
    clearTimeout(timer);
    form.elements.turn.value = Number(form.elements.turn.value) + 1;
    store();
    // A submission that was not followed by a new page (offline, a file dialog) leaves this one alive.
    setTimeout(() => (leaving = false), EVERY);
  });

  /** What is typed, as one text to compare. */
  function read() {
    const fields = new URLSearchParams(new FormData(form));
    for (const name of ["version", "hand", "turn"]) fields.delete(name);
    return fields.toString();
  }

  function isNew() {
    return read() !== saved;
  }

  function changed() {
    store();
    first ||= Date.now();
    // Three seconds after the last change, and no later than ten after the first.
    if (!stopped && !failed) schedule(Math.min(AFTER, first + EVERY - Date.now()));
  }

  function schedule(delay) {
    clearTimeout(timer);
    timer = setTimeout(send, Math.max(0, delay));
  }

  function soon() {
    if (!stopped && isNew()) schedule(0);
  }

  async function send() {
    clearTimeout(timer);
    if (sending || stopped || leaving) return;
    first = 0;
    const sent = read();
    if (sent === saved) return;
    form.elements.turn.value = Number(form.elements.turn.value) + 1;
    sending = new AbortController();
    const patience = setTimeout(() => sending?.abort(), 3 * EVERY);
    say(says.dataset.saving);
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(address, { method: "POST", body, headers: { accept: "application/json" }, signal: sending.signal });
      const told = await answer.json().catch(() => ({}));
      if (answer.ok) took(sent, told);
      else refused(answer.status, told.fault);
    } catch {
      if (!leaving) waits(kept ? says.dataset.offline : says.dataset.unkept);
    } finally {
      clearTimeout(patience);
      sending = null;
      if (!leaving && !stopped && isNew()) schedule(failed ? EVERY : AFTER);
    }
  }

  function took(sent, told) {
    failed = false;
    saved = sent;
    form.elements.version.value = told.version;
    if (!address.endsWith(`/${told.id}/autosave`)) {
      // The draft has an address now: a reload opens it.
      address = `/admin/posts/${told.id}/autosave`;
      const page = `/admin/posts/${told.id}`;
      // A button is called action, and hides the property of that name.
      form.setAttribute("action", page);
      history.replaceState(history.state, "", page);
    }
    if (!isNew()) forget();
    say(told.saved);
  }

  function refused(status, fault) {
    if (status === 409) {
      stopped = true;
      say(fault, says.dataset.both, () => form.requestSubmit(form.querySelector("[value=save]") ?? undefined));
    } else if (status === 404) {
      stopped = true;
      say(fault);
    } else if (status === 401) {
      failed = true;
      say(fault ?? says.dataset.ended, says.dataset.signIn, `/admin/sign-in?next=${encodeURIComponent("/admin/posts")}`);
    } else {
      waits(kept ? (fault ?? says.dataset.offline) : says.dataset.unkept);
    }
  }

  function waits(words) {
    failed = true;
    say(words);
  }

  /** Says where the text is; `way` is where a link leads, or what a button does. */
  function say(words, label, way) {
    says.textContent = words;
    if (!label) return;
    const more = document.createElement(typeof way === "string" ? "a" : "button");
    more.textContent = label;
    if (typeof way === "string") {
      more.href = way;
      more.target = "_blank";
      more.rel = "noopener";
    } else {
      more.type = "button";
      more.className = "quiet plain";
      more.addEventListener("click", way);
    }
    says.append(" ", more);
  }

  /** Into this browser, where a closed tab or a crash does not reach it. */
  function store() {
    const fields = read();
    try {
      const { version, hand } = form.elements;
      if (fields === saved) forget();
      else localStorage.setItem(key, JSON.stringify({ at: Date.now(), version: version.value, hand: hand.value, fields }));
      kept = true;
    } catch {
      // Full, or not allowed.
      kept = false;
    }
  }

  /** What another tab keeps of this post stays. */
  function forget(whose = form.elements.hand.value) {
    try {
      if (JSON.parse(localStorage.getItem(key))?.hand === whose) localStorage.removeItem(key);
    } catch {
      // As above.
    }
  }

  /** Text of this post that this browser has and the server has not: shown, and taken only when asked to. */
  function offer() {
    tidy();
    let found = null;
    try {
      found = JSON.parse(localStorage.getItem(key));
    } catch {
      // As above.
    }
    if (!found) return;
    // What an answer kept beside this page, or what stands in it, need not be offered.
    if ("conflict" in form.dataset || saysTheSame(new URLSearchParams(found.fields))) return forget(found.hand);
    const place = document.querySelector("[data-kept]");
    const typed = new URLSearchParams(found.fields);
    place.querySelector("[data-when]").textContent = new Date(found.at).toLocaleString(document.documentElement.lang);
    place.querySelector("[data-text]").replaceChildren(...shown(form.elements.text.value, typed.get("text") ?? ""));
    place.querySelector("[data-use]").addEventListener("click", () => {
      take(typed);
      place.hidden = true;
      changed();
    });
    place.querySelector("[data-discard]").addEventListener("click", () => {
      forget(found.hand);
      place.hidden = true;
    });
    place.hidden = false;
  }

  /** Whether the fields hold this already, but for what the server tidies. */
  function saysTheSame(typed) {
    const tidied = (name, value) =>
      name === "tags" ? value.split(/[,،、]/).map((tag) => tag.trim()).filter(Boolean).join() : value.replace(/\s+/g, " ").trim();
    const here = new URLSearchParams(read());
    return [...new Set([...typed.keys(), ...here.keys()])].every((name) => {
      const [was, is] = [typed, here].map((fields) => tidied(name, fields.get(name) ?? ""));
      return was === is || was === "" && ["slug", "publish-at"].includes(name);
    });
  }

  function take(typed) {
    for (const field of form.elements) {
      if (!field.name || field.type === "hidden" || field.type === "submit") continue;
      if (field.type === "checkbox") field.checked = typed.has(field.name);
      else if (field.name === "text") retype(field, typed.get("text") ?? "");
      else if (typed.has(field.name)) field.value = typed.get(field.name);
    }
  }
}

/** As if it were typed: the browser can undo it. */
function retype(field, text) {
  field.focus();
  field.select();
  if (!document.execCommand("insertText", false, text) && field.value !== text) field.value = text;
}

/** What differs, between the same beginning and the same end. */
function shown(before, after) {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < Math.min(before.length, after.length) - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const around = 120;
  const piece = (name, text) => {
    const element = document.createElement(name);
    element.textContent = text;
    return element;
  };
  return [
    after.slice(Math.max(0, start - around), start),
    piece("del", before.slice(start, before.length - end)),
    piece("ins", after.slice(start, after.length - end)),
    after.slice(after.length - end).slice(0, around),
  ];
}

/** Only so many posts are kept here: the oldest go first. */
function tidy() {
  try {
    const at = (key) => JSON.parse(localStorage.getItem(key))?.at ?? 0;
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(KEPT));
    keys.sort((one, other) => at(other) - at(one));
    for (const key of keys.slice(MOST_KEPT)) localStorage.removeItem(key);
  } catch {
    // Nothing is kept here.
  }
}
