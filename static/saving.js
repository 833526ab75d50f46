// Keeps what is typed: in this browser at once, on the server shortly after, one save at a time. It never writes into a field
// by itself, and says in words where the text is.

import { replace } from "./edit.js";
import { moment } from "./moment.js";

const form = document.querySelector("form[data-saving]");
const AFTER = 3_000;
const EVERY = 10_000;
/** What is typed here is shown to nobody else who signs in at this browser. */
const KEPT = `post:${form?.dataset.user}:`;
const MOST_KEPT = 200;

if (form) keep(form);

function keep(form) {
  const says = form.querySelector("[data-state]");
  // Who goes back to a form that was sent goes on with what it made.
  if (history.state?.sent) form.elements.uuid.value = history.state.sent;
  let key = KEPT + form.elements.uuid.value;
  let { value: hand } = form.elements.hand;
  let address = form.dataset.saving;
  // Whether the server has heard of it: then its address leads to what is kept of it here.
  let isKnown = !address.endsWith("/posts/autosave");
  // What the server has; what an answer gave back unsaved it has not.
  let saved = "unsaved" in form.dataset ? null : read();
  let timer = 0;
  // When the first change came that is not sent yet.
  let first = 0;
  let sending = null;
  let failed = false;
  let leaving = false;
  // Whether the server is asked if it is there, and whether it has just said so.
  let asking = false;
  let isThere = false;
  // Whether a save is under way that leaves nothing behind but its words.
  let staying = false;
  // Whether what is typed now is in this browser; and whether saving by itself has come to an end.
  let kept = true;
  let stopped = false;
  // Whether something changed that is not in this browser yet: what comes at once is kept at once.
  let isBehind = false;

  // For as long as this page is open: what it keeps need not be offered elsewhere.
  navigator.locks?.request(KEPT + hand, () => new Promise(() => {}));
  putAside();
  offer();
  if (saved === null) changed();
  form.addEventListener("input", note);
  form.addEventListener("change", note);
  addEventListener("online", soon);
  addEventListener("focus", () => isNew() && soon());
  addEventListener("pageshow", (event) => event.persisted && isNew() && soon());
  addEventListener("pagehide", catchUp);
  document.addEventListener("visibilitychange", () => {
    catchUp();
    if (document.visibilityState === "hidden" && isNew()) send();
  });
  addEventListener("beforeunload", (event) => {
    catchUp();
    if (!leaving && isNew() && !kept) event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formTarget) return;
    if (!isThere) {
      event.preventDefault();
      // A page that says what is wrong gives way to one that does not.
      const isHere = event.submitter?.value === "save" && !("unsaved" in form.dataset || "conflict" in form.dataset);
      if (isHere && !asking && !staying) stay(event.submitter);
      else if (!isHere && !asking) knock(event.submitter);
      return;
    }
    isThere = false;
    // This save comes after all before it.
    leaving = true;
    sending?.abort();
    clearTimeout(timer);
    form.elements.turn.value = Number(form.elements.turn.value) + 1;
    store();
    history.replaceState({ ...history.state, sent: form.elements.uuid.value }, "");
    // A submission that was not followed by a new page (offline, a file dialog) leaves this one alive.
    setTimeout(() => (leaving = false), EVERY);
  });

  /** Sends the form if the server answers: else the browser would put an error page in the place of this one. */
  async function knock(submitter) {
    asking = true;
    store();
    try {
      await fetch("/healthz", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(EVERY) });
      isThere = true;
    } catch {
      waits(kept ? says.dataset.offline : says.dataset.unkept);
      schedule(EVERY);
    } finally {
      asking = false;
    }
    if (isThere) form.requestSubmit(submitter);
  }

  /** Saves as the button does, but leaves everything where it is: the caret, what can be undone, what is open beside the text. */
  async function stay(submitter) {
    staying = true;
    store();
    // This save comes after all before it.
    sending?.abort();
    clearTimeout(timer);
    first = 0;
    const sent = read(), mine = (sending = new AbortController());
    form.elements.turn.value = Number(form.elements.turn.value) + 1;
    const patience = setTimeout(() => mine.abort(), 3 * EVERY);
    say(says.dataset.saving);
    let isRefused = false;
    try {
      const body = new URLSearchParams(new FormData(form, submitter));
      body.set("stay", "yes");
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { accept: "application/json" }, signal: mine.signal });
      const told = answer.ok ? await answer.json().catch(() => ({})) : {};
      isRefused = !told.version;
      if (!isRefused) took(sent, told);
    } catch {
      if (!leaving) waits(kept ? says.dataset.offline : says.dataset.unkept);
    }
    clearTimeout(patience);
    sending = null;
    staying = false;
    if (isRefused && !leaving) {
      // What is wrong, and what can be done about it, is told by a page of its own.
      isThere = true;
      form.requestSubmit(submitter);
    } else if (!leaving && !stopped && isNew()) {
      schedule(failed ? EVERY : AFTER);
    }
  }

  /** What is typed, as one text to compare. */
  function read() {
    const fields = new URLSearchParams(new FormData(form));
    for (const name of ["version", "hand", "turn", "seen"]) fields.delete(name);
    return fields.toString();
  }

  function isNew() {
    return read() !== saved;
  }

  /** A paste into the text is an event for each of its lines. */
  function note() {
    if (isBehind) return;
    isBehind = true;
    setTimeout(catchUp);
  }

  function catchUp() {
    if (isBehind) changed();
  }

  function changed() {
    isBehind = false;
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
    const mine = (sending = new AbortController());
    const patience = setTimeout(() => mine.abort(), 3 * EVERY);
    say(says.dataset.saving);
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(address, { method: "POST", body, headers: { accept: "application/json" }, signal: mine.signal });
      const told = await answer.json().catch(() => ({}));
      if (answer.ok) took(sent, told);
      else refused(answer.status, told.fault);
    } catch {
      if (!leaving && sending === mine) waits(kept ? says.dataset.offline : says.dataset.unkept);
    } finally {
      clearTimeout(patience);
      if (sending === mine) {
        sending = null;
        if (!leaving && !stopped && isNew()) schedule(failed ? EVERY : AFTER);
      }
    }
  }

  function took(sent, told) {
    failed = false;
    isKnown = true;
    saved = sent;
    form.elements.version.value = told.version;
    if (!address.endsWith(`/${told.id}/autosave`)) {
      // The draft has an address now: a reload opens it.
      address = `/admin/posts/${told.id}/autosave`;
      const page = `/admin/posts/${told.id}`;
      // A button is called action, and hides the property of that name.
      form.setAttribute("action", page);
      history.replaceState(history.state, "", page);
      renew(form, page);
    }
    if (!isNew()) forget();
    say(told.saved);
    form.dispatchEvent(new CustomEvent("saved", { detail: told }));
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
      const { version, turn } = form.elements;
      if (fields === saved) forget();
      else localStorage.setItem(key, JSON.stringify({ at: Date.now(), version: version.value, hand, turn: turn.value, isKnown, fields }));
      kept = true;
    } catch {
      // Full, or not allowed.
      kept = false;
    }
  }

  /** What another tab keeps of this post stays. */
  function forget(whose = hand) {
    for (const one of records()) if (isOfThis(one) && one.hand === whose) drop(one.place);
  }

  function isOfThis({ place }) {
    return place === key || place.startsWith(`${key}~`);
  }

  /** What was kept before this page came must not give way to what is typed now, before somebody has decided about it. */
  function putAside() {
    const before = records().find(({ place }) => place === key);
    if (!before) return;
    try {
      localStorage.setItem(`${key}~${before.at}`, localStorage.getItem(key));
      localStorage.removeItem(key);
    } catch {
      // Full: it stays where it is.
    }
  }

  /** Text that this browser has and the server has not: shown, and taken only when asked to. */
  async function offer() {
    tidy();
    const found = (await waiting()).find((one, at) => {
      // What an answer kept beside this page, or what stands in it, need not be offered.
      const isBeside = "conflict" in form.dataset && at === 0;
      const isNeedless = isBeside || saysTheSame(new URLSearchParams(one.fields));
      if (isNeedless) drop(one.place);
      return !isNeedless;
    });
    if (!found) return;
    const place = document.querySelector("[data-kept]"), typed = new URLSearchParams(found.fields);
    place.querySelector("[data-when]").textContent = moment(found.at, form.dataset.zone);
    place.querySelector("[data-text]").replaceChildren(...shown(form.elements.text.value, typed.get("text") ?? ""));
    place.querySelector("[data-use]").onclick = () => {
      if (!isKnown) goOnAs(found, typed);
      take(typed);
      place.hidden = true;
      changed();
      if (kept) drop(found.place);
    };
    place.querySelector("[data-discard]").onclick = () => {
      place.hidden = true;
      const text = localStorage.getItem(found.place);
      drop(found.place);
      offer();
      canUndo(() => localStorage.setItem(found.place, text));
    };
    place.hidden = false;
  }

  /** What was discarded by a wrong click comes back. */
  function canUndo(bringBack) {
    const line = document.querySelector("[data-discarded]"), undo = document.createElement("button");
    [undo.type, undo.className, undo.textContent] = ["button", "quiet plain", line.dataset.undo];
    line.replaceChildren(line.dataset.discarded, " ", undo);
    undo.focus();
    undo.onclick = () => {
      line.replaceChildren();
      bringBack();
      offer();
    };
  }

  /** As the form that it was typed into: if that reached the server after all, and only its answer was lost, this stays one post. */
  function goOnAs(found, typed) {
    const { elements } = form;
    elements.uuid.value = typed.get("uuid");
    elements.hand.value = hand = found.hand;
    elements.turn.value = Number(found.turn) + 1000;
    key = KEPT + elements.uuid.value;
  }

  /** What is kept of this post from before, newest first; for a new one, what was typed into new ones that never reached the server. */
  async function waiting() {
    const all = records().sort((one, other) => other.at - one.at), own = all.filter((one) => one.place !== key && isOfThis(one));
    if (own.length || isKnown) return own;
    const locks = await navigator.locks?.query(), open = new Set(locks?.held.map(({ name }) => name));
    const kind = form.elements.kind?.value;
    const isLost = (one) => one.isKnown === false && one.hand !== hand && !open.has(KEPT + one.hand);
    return all.filter((one) => isLost(one) && (new URLSearchParams(one.fields).get("kind") ?? kind) === kind);
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
      else if (field.name === "text") replace(field, 0, field.value.length, typed.get("text") ?? "");
      else if (typed.has(field.name)) field.value = typed.get(field.name);
    }
  }
}

/** What stands around a form whose post has come into being: its heading, and what else can be done with it. */
async function renew(form, page) {
  const answer = await fetch(page, { redirect: "error" }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html"), more = fresh.querySelector(".more-of-post");
  document.title = fresh.title;
  document.querySelector(".heading").replaceWith(fresh.querySelector(".heading"));
  document.querySelector(".templates")?.remove();
  if (!more) return;
  more.inert = form.matches("[data-full]");
  form.after(more);
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

/** All that is kept here, of any post. */
function records() {
  try {
    const places = Object.keys(localStorage).filter((place) => place.startsWith(KEPT));
    return places.flatMap((place) => {
      try {
        return [{ ...JSON.parse(localStorage.getItem(place)), place }];
      } catch {
        return [];
      }
    });
  } catch {
    // Nothing is kept here.
    return [];
  }
}

function drop(place) {
  try {
    localStorage.removeItem(place);
  } catch {
    // As above.
  }
}

/** Only so many are kept here: the oldest go first. */
function tidy() {
  const all = records().sort((one, other) => other.at - one.at);
  for (const { place } of all.slice(MOST_KEPT)) drop(place);
}
