// The editor: what a plain text area cannot do by itself. Whatever fails here leaves a form that works.
import { isInCode, replace, showLine } from "./edit.js";
import { escaped, goOn, indent, linked } from "./typing.js";
import { commands } from "./commands.js";
import { fitted, markdown } from "./paste.js";
import { pictures } from "./pictures.js";
import { card } from "./card.js";
import { library } from "./library.js";
import { count, measure } from "./measure.js";
import { preview } from "./preview.js";
import { offersAt, suggest } from "./suggest.js";
import { moment, now } from "./moment.js";

const form = document.querySelector("form.editor");
const area = form?.elements.text;
const tools = form?.querySelector("[data-tools]");
let openMention;
/** About the height of a line, in pixels. */
const LINE = 32;
const isMac = /mac|iphone|ipad/i.test(navigator.platform);

if (tools) {
  toolbar();
  typing();
  help();
  mention();
  measure(area, form.querySelector("[data-counts]"));
  form.querySelectorAll("[maxlength][data-count]").forEach(count);
  completeTags(form.elements.tags);
  card(form);
  findings();
}

/** What is to be mended leads to its field, and to the line of it. */
function findings() {
  document.querySelector(".findings")?.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']"), field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.closest("details")?.setAttribute("open", "");
    if (link.dataset.line) showLine(field, Number(link.dataset.line));
    else field.focus();
  });
}

/** One stop for Tab; arrows go from button to button. */
function toolbar() {
  const buttons = [...tools.querySelectorAll("button")];
  const draw = preview(area, form.querySelector("[data-preview]"), () => form.matches("[data-beside]"));
  const stop = (to) => buttons.forEach((one) => (one.tabIndex = one === to ? 0 : -1));
  const switches = {
    beside: () => toggle("beside", () => draw()),
    full: () => toggle("full"),
    mention: () => openMention(),
    picture: library(area, form.elements.cover, pictures(area, form.querySelector("[data-uploads]"), tools.dataset.upload, tools.dataset)),
    help: () => document.getElementById("syntax").showModal(),
  };
  tools.hidden = false;
  if (isMac) buttons.forEach((one) => (one.title = one.title.replace("Ctrl+", "⌘")));
  stop(buttons[0]);
  // A button takes the keyboard from nobody who writes.
  tools.addEventListener("pointerdown", (event) => event.preventDefault());
  tools.addEventListener("click", (event) => {
    const { command } = event.target.closest("button")?.dataset ?? {};
    if (command in switches) switches[command]();
    else if (command in commands) commands[command](area, tools.dataset);
  });
  tools.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target), isRtl = getComputedStyle(tools).direction === "rtl";
    const to = { ArrowRight: at + (isRtl ? -1 : 1), ArrowLeft: at - (isRtl ? -1 : 1), Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    const next = buttons[(to + buttons.length) % buttons.length];
    stop(next);
    next.focus();
  });
  tools.addEventListener("focusin", (event) => event.target.matches("button") && stop(event.target));
  const bar = form.querySelector(".bar-of-state");
  if (bar) room(bar);
}

/** On a telephone the tools lie on the bar of the state, however high that is; the line that is written is covered by neither. */
function room(bar) {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets.push(sheet);
  const measured = () => {
    const isBelow = getComputedStyle(tools).insetBlockEnd !== "auto", isSticky = getComputedStyle(bar).position === "sticky";
    const below = (isSticky ? bar.offsetHeight : 0) + (isBelow ? tools.offsetHeight : 0), above = isBelow ? 0 : tools.offsetHeight;
    sheet.replaceSync(`.editor { --bar: ${bar.offsetHeight}px; } :root:has(.bar-of-state), .editor[data-full] { scroll-padding-block: ${above + LINE}px ${below + LINE}px; }`);
  };
  const watch = new ResizeObserver(measured);
  [bar, tools, document.documentElement].forEach((one) => watch.observe(one));
}

/** Turns a way of showing the editor on or off. */
function toggle(way, whenOn) {
  const isOn = form.toggleAttribute(`data-${way}`);
  tools.querySelector(`[data-command=${way}]`).setAttribute("aria-pressed", String(isOn));
  document.documentElement.toggleAttribute(`data-${way}`, isOn);
  const others = [...document.body.children].filter((one) => !one.contains(form));
  others.push(...[...form.parentElement.children].filter((one) => one !== form));
  // What lies behind a full screen is out of reach.
  if (way === "full") others.forEach((one) => one.toggleAttribute("inert", isOn));
  if (isOn) whenOn?.();
  area.focus({ preventScroll: true });
  if (isOn) area.parentElement.scrollIntoView({ block: "end" });
}

function typing() {
  // After Escape, Tab leaves the text wherever it stands.
  let isLeaving = false;
  area.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey) return;
    const isCommand = isMac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
    const name = isCommand && !event.shiftKey && { b: "bold", i: "italic", k: "link" }[letter(event)];
    if (name) {
      event.preventDefault();
      commands[name](area, tools.dataset);
    } else if (isCommand || event.metaKey || event.ctrlKey) {
      return;
    } else if (event.key === "Tab") {
      if (!isLeaving && indent(area, event.shiftKey)) event.preventDefault();
    } else if (event.key === "Enter" && !event.shiftKey && goOn(area)) {
      event.preventDefault();
    }
    if (event.key !== "Tab" && event.key !== "Shift") isLeaving = event.key === "Escape";
  });
  area.addEventListener("blur", () => (isLeaving = false));
  area.addEventListener("paste", (event) => {
    const { clipboardData: data } = event;
    if (!data || isInCode(area.value, area.selectionStart)) return;
    const html = data.getData("text/html");
    // A picture that is copied comes with an element that shows it.
    if (data.files.length && !new DOMParser().parseFromString(html, "text/html").body.textContent.trim()) return;
    const text = html && !data.types.includes("vscode-editor-data") ? markdown(html) : "";
    const isLinked = linked(area, data.getData("text/plain").trim());
    if (text && !isLinked) replace(area, area.selectionStart, area.selectionEnd, fitted(area, text));
    if (text || isLinked) event.preventDefault();
  });
  form.addEventListener("keydown", (event) => {
    const isCommand = isMac ? event.metaKey : event.ctrlKey;
    if (event.key === "Escape" && form.matches("[data-full]") && !event.defaultPrevented && !form.querySelector("dialog[open]")) toggle("full");
    if (!isCommand || event.altKey || event.shiftKey || event.repeat) return;
    if (letter(event) === "s") {
      event.preventDefault();
      form.querySelector("[name=action][value=save]")?.click();
    } else if (event.key === "Enter") {
      event.preventDefault();
      ask();
    }
  });
}

/** What a key writes, also while capitals are locked; of an alphabet that has no such letters, what stands on the key elsewhere. */
function letter({ key, code }) {
  return (/^[ -~]$/.test(key) ? key : code.replace(/^Key/, "")).toLowerCase();
}

/** Asks before readers see it, and says when they will. */
function ask() {
  const dialog = form.querySelector("[data-ask]"), at = form.elements["publish-at"].value;
  if (!dialog) return;
  const heading = dialog.querySelector("h2"), isLater = at > now(form.dataset.zone);
  if (heading.dataset.later) heading.textContent = isLater ? heading.dataset.later.replace("%", () => moment(new Date(`${at}Z`), "UTC")) : heading.dataset.now;
  dialog.showModal();
}

/** What is folded under the text without scripts lies one button away with them. */
function help() {
  const folded = form.querySelector("[data-syntax]"), dialog = document.getElementById("syntax");
  dialog.querySelector("[data-content]").append(...folded.querySelectorAll(":scope > :not(summary)"));
  folded.hidden = true;
  for (const one of form.querySelectorAll("dialog")) {
    one.addEventListener("click", (event) => {
      if (event.target === one || event.target.closest("[data-close]")) one.close();
    });
    one.addEventListener("close", () => area.focus());
  }
}

/** Two brackets, or the button, look for a post to link to. */
function mention() {
  const dialog = document.getElementById("mention"), field = dialog.querySelector("input");
  let from = 0, to = 0;
  const { look } = suggest(field, dialog.querySelector("[role=listbox]"), {
    sought: () => field.value.trim(),
    ask: (text, signal) => offersAt("/admin/posts/links", text, signal),
    take({ label, address }) {
      const words = area.value.slice(from, to);
      dialog.close();
      replace(area, from, to, `[${words.startsWith("[[") || !words ? label.replace(/[[\]\\]/g, "\\$&") : words}](${escaped(address)})`);
    },
  });
  openMention = (start = area.selectionStart) => {
    [from, to] = [start, area.selectionEnd];
    field.value = "";
    dialog.showModal();
    look();
  };
  // A field of the form's, whose Enter would send it.
  field.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  area.addEventListener("input", (event) => {
    const at = area.selectionEnd;
    if (event.data !== "[" || !/(?<![!\\`])\[\[$/.test(area.value.slice(Math.max(0, at - 3), at)) || isInCode(area.value, at)) return;
    openMention(at - 2);
  });
}

/** The tag that is being typed is the one between the commas. */
function completeTags(field) {
  const list = document.getElementById("tags-list");
  if (!field || !list) return;
  // The browser's own list knows one tag, not the one between the commas.
  field.removeAttribute("list");
  const start = () => field.value.slice(0, field.selectionEnd).search(/[^,،、]*$/);
  suggest(field, list, {
    sought: () => field.value.slice(start(), field.selectionEnd).trim() || null,
    ask: (text, signal) => offersAt("/admin/tags", text, signal),
    take({ label }) {
      const rest = /^[^,،、]*/.exec(field.value.slice(field.selectionEnd))[0].length;
      const space = start() ? " " : "";
      replace(field, start(), field.selectionEnd + rest, `${space}${label}, `);
    },
  });
}
