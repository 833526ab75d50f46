// What Enter, Tab and an address that is pasted do in a text of Markdown.
import { isInCode, lineEnd, lineStart, lines, replace } from "./edit.js";

/** A list's item: the quotes and spaces before it, its mark or number, the space behind, the box of a task. */
const ITEM = /^((?:[ \t]*>)*[ \t]*)(?:([-*+])|(\d{1,9})([.)]))([ \t]+)(\[[ xX]\][ \t]+)?/;
/** A line across the page, which begins like an item. */
const RULE = /^[ \t>]*([-*_])(?:[ \t]*\1){2,}[ \t]*$/;
const QUOTE = /^[ \t]*(?:>[ \t]?)+/;
const CODE_INDENT = 4;

/** Enter: the list, the quote or the indentation goes on; an empty item ends its list. `false`: nothing of that. */
export function goOn(area) {
  const { value, selectionStart: at, selectionEnd } = area;
  if (at !== selectionEnd) return false;
  const from = lineStart(value, at), before = value.slice(from, at);
  if (isInCode(value, from)) {
    const space = /^[ \t]*/.exec(before)[0];
    if (space) replace(area, at, at, `\n${space}`);
    return space !== "";
  }
  const item = RULE.test(before) ? null : ITEM.exec(before);
  const head = item?.[0] ?? QUOTE.exec(before)?.[0];
  if (!head) return false;
  if (before.length === head.length && !value.slice(at, lineEnd(value, at)).trim()) {
    const within = item && /[ \t]+$/.exec(item[1])?.[0];
    if (within) {
      // Out of the list within a list first.
      const above = value.slice(0, from).trimEnd().split("\n").reverse();
      const isAround = (one) => one && one[1].length < item[1].length && one[1].trimEnd() === item[1].trimEnd();
      const parent = above.map((line) => ITEM.exec(line)).find(isAround);
      if (parent) {
        const [, outer, mark, number, dot, space, box] = parent;
        replace(area, from, at, `${outer}${mark ?? Number(number) + 1 + dot}${space}${box ? "[ ] " : ""}`);
        return true;
      }
    }
    // Right below the list, what comes next would be part of its last item.
    const outer = item?.[1] ?? "", isBelow = from > 0 && value.slice(lineStart(value, from - 1), from - 1).trim() !== "";
    replace(area, from, at, isBelow ? `${outer.trimEnd()}\n${outer}` : outer);
  } else if (item) {
    const [, outer, mark, number, dot, space, box] = item;
    replace(area, at, at, `\n${outer}${mark ?? Number(number) + 1 + dot}${space}${box ? "[ ] " : ""}`);
  } else {
    replace(area, at, at, `\n${head}`);
  }
  return true;
}

/** Tab in lists and in code: the lines go in, or come out. `false` elsewhere: there Tab goes to the next field. */
export function indent(area, isBack) {
  const { value, selectionStart, selectionEnd } = area;
  const { from, to } = lines(area);
  const block = value.slice(from, to), item = ITEM.exec(block);
  const isCode = isInCode(value, from);
  if (!isCode && !item) return false;
  // As far as the item's own text stands in, so that Markdown takes the one for part of the other.
  const width = isCode ? CODE_INDENT : (item[2] ?? item[3] + item[4]).length + 1;
  const into = " ".repeat(width), out = new RegExp(`^(?:\t| {1,${width}})`);
  const change = (line) => {
    // The quote stays where it is.
    const [quote] = isCode ? [""] : /^(?:[ \t]*>[ \t]?)*/.exec(line), rest = line.slice(quote.length);
    return quote + (isBack ? rest.replace(out, "") : rest && into + rest);
  };
  const changed = block.split("\n").map(change).join("\n");
  if (changed === block) return true;
  if (selectionStart === selectionEnd) {
    const at = Math.max(0, selectionStart - from + changed.length - block.length);
    replace(area, from, to, changed, at);
  } else {
    replace(area, from, to, changed, 0, changed.length);
  }
  return true;
}

/** An address that is pasted over words makes them a link. `false`: no such thing. */
export function linked(area, pasted) {
  const { value, selectionStart, selectionEnd } = area;
  const words = value.slice(selectionStart, selectionEnd), inner = words.trim();
  const isAddress = (text) => /^(https?:\/\/|mailto:)\S+$/i.test(text);
  if (!isAddress(pasted) || !inner || isAddress(inner) || inner.includes("\n\n")) return false;
  const [before, after] = words.split(inner);
  replace(area, selectionStart, selectionEnd, `${before}[${label(inner)}](${escaped(pasted)})${after}`);
  return true;
}

/** Words as they may stand between the brackets of a link: their own come in pairs, or say that they are none. */
export function label(words) {
  let depth = 0, isPaired = true;
  for (const [sign] of words.matchAll(/(?<!\\)[[\]]/g)) {
    depth += sign === "[" ? 1 : -1;
    isPaired &&= depth >= 0;
  }
  return isPaired && !depth ? words : words.replace(/(?<!\\)[[\]]/g, "\\$&");
}

/** An address as it may stand between the brackets of a link. */
export const escaped = (address) => address.replace(/[()<>\s]/g, (sign) => `%${sign.charCodeAt().toString(16)}`);
