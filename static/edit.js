// Changes to a text field that the browser can undo: each goes the way that typing goes, none assigns a value.

const MANY_LINES = 20;

/** Puts `text` in the place of what stands from `from` to `to`, and selects from `start` to `end`, counted in `text`. */
export function replace(field, from, to, text, start = text.length, end = start) {
  field.focus();
  field.setSelectionRange(from, to);
  const isDone = text ? type(field, text) : from === to || document.execCommand("delete");
  if (!isDone) {
    field.setRangeText(text, from, to, "end");
    field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText", data: text }));
  }
  field.setSelectionRange(from + start, from + end);
}

/** Types over what is selected. Of many lines Chromium makes a change each, with all of the text laid out anew: they go in together. */
function type(field, text) {
  const { value, selectionStart: from, selectionEnd: to } = field;
  if (text.split("\n", MANY_LINES).length === MANY_LINES && document.execCommand("insertHTML", false, text.replace(/&/g, "&amp;").replace(/</g, "&lt;"))) {
    if (field.value === value.slice(0, from) + text + value.slice(to)) return true;
    document.execCommand("undo");
    field.setSelectionRange(from, to);
  }
  return document.execCommand("insertText", false, text);
}

/** Where the line begins that `at` stands in. */
export const lineStart = (text, at) => (at ? text.lastIndexOf("\n", at - 1) + 1 : 0);

/** Where it ends. */
export function lineEnd(text, at) {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

/** From where to where the lines go that are selected, in part or whole. */
export function lines({ value, selectionStart, selectionEnd }) {
  const isPast = selectionEnd > selectionStart && value[selectionEnd - 1] === "\n";
  return { from: lineStart(value, selectionStart), to: lineEnd(value, isPast ? selectionEnd - 1 : selectionEnd) };
}

/** Whether a fence of code is open at `at`. */
export function isInCode(text, at) {
  let fence = "";
  for (const [, mark, after] of text.slice(0, at).matchAll(/^[ \t>]*(`{3,}|~{3,})(.*)$/gm)) {
    if (!fence) fence = mark[0] === "`" && after.includes("`") ? "" : mark;
    else if (mark[0] === fence[0] && mark.length >= fence.length && !after.trim()) fence = "";
  }
  return fence !== "";
}

/** Puts a block of its own at the end of the line that has the keyboard, or in that line's place where it is empty. */
export function insertBlock(area, text, start, end) {
  const at = lineEnd(area.value, area.selectionEnd);
  const before = area.value.slice(0, at), after = area.value.slice(at);
  const above = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const below = after.startsWith("\n\n") ? "" : after ? "\n" : "\n\n";
  replace(area, at, at, above + text + below, above.length + start, above.length + end);
}

/** Heights of places in what `area` holds, measured in a copy that is laid out as it is; `done` takes the copy away. */
export function heights(area) {
  const copy = document.createElement("div");
  copy.className = "copy-of-text";
  const { paddingLeft, paddingRight } = getComputedStyle(area);
  copy.style.inlineSize = `${area.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight)}px`;
  copy.textContent = `${area.value}\n`;
  area.after(copy);
  const range = document.createRange(), top = copy.getBoundingClientRect().top;
  const at = (place) => {
    range.setStart(copy.firstChild, place);
    range.setEnd(copy.firstChild, place + 1);
    return range.getBoundingClientRect().top - top;
  };
  return { at, done: () => copy.remove() };
}

/** Where line `number` begins, counted from 1, searched from the beginning of line `known`; negative where there is none. */
export function placeOfLine(text, number, known = 1, at = 0) {
  for (let line = known; line < number && at >= 0; line += 1) at = text.indexOf("\n", at) + 1 || -1;
  return at;
}

/** Selects a line of the text, and brings it into view. */
export function showLine(area, number) {
  const from = Math.max(0, placeOfLine(area.value, number));
  const measured = heights(area), top = measured.at(from);
  measured.done();
  area.focus({ preventScroll: true });
  area.setSelectionRange(from, lineEnd(area.value, from));
  area.scrollTop = top - area.clientHeight / 3;
  const { top: above } = area.getBoundingClientRect();
  scrollBy(0, above + top - area.scrollTop - innerHeight / 3);
}
