// What the buttons of the toolbar and their shortcuts write.
import { label } from "./typing.js";
import { insertBlock, isInCode, lineEnd, lineStart, lines, replace } from "./edit.js";

const MARK = /^([ \t]*(?:>[ \t]?)*)(?:[-*+] \[[ xX]\] |[-*+] |\d{1,9}[.)] )?/;

/** What is selected goes on in another paragraph or item. */
const SEVERAL = /\n[ \t]*(?:\n|>|[-*+] |\d{1,9}[.)] |#{1,6} )/;
/** A line: what makes it a quote, a heading or an item; its words; the space behind. */
const BLOCK = /^([ \t]*(?:>[ \t]?)*(?:#{1,6} +|(?:[-*+]|\d{1,9}[.)]) +(?:\[[ xX]\] +)?)?)(.*?)([ \t]*)$/;

/** By name: each changes what is selected in `area`; `words` are the page's, for what is yet to be filled in. */
export const commands = {
  bold: (area) => around(area, "**"),
  italic: (area) => around(area, "*"),
  code,
  link,
  heading,
  quote: (area) => eachLine(area, /^> ?/, (line) => `> ${line}`),
  list: (area) => items(area, /^[ \t]*[-*+] (?!\[[ xX]\] )/, () => "- "),
  numbered: (area) => items(area, /^[ \t]*\d{1,9}[.)] /, (number) => `${number}. `),
  task: (area) => items(area, /^[ \t]*[-*+] \[[ xX]\] /, () => "- [ ] "),
  table,
  footnote,
};

/** Puts `mark` on both sides of what is selected, or of the word there, or takes it away where it stands. */
function around(area, mark) {
  const { value } = area;
  let { selectionStart: from, selectionEnd: to } = area;
  if (from === to) {
    from -= /[\p{L}\p{M}\p{N}'’-]*$/u.exec(value.slice(0, from))[0].length;
    to += /^[\p{L}\p{M}\p{N}'’-]*/u.exec(value.slice(to))[0].length;
  }
  // Marks stand close to their words, and those that are selected with them count as around them.
  while (from < to && /\s/.test(value[from])) from += 1;
  while (from < to && /\s/.test(value[to - 1])) to -= 1;
  if (SEVERAL.test(value.slice(from, to))) return eachBlock(area, from, to, mark);
  while (to - from > 2 && value[from] === mark[0] && value[to - 1] === mark[0]) {
    from += 1;
    to -= 1;
  }
  let run = 0;
  while (value[from - run - 1] === mark[0] && value[to + run] === mark[0]) run += 1;
  const text = value.slice(from, to), length = mark.length;
  const isOn = mark === "**" ? run > 1 : run % 2 === 1;
  if (isOn) replace(area, from - length, to + length, text, 0, text.length);
  else replace(area, from, to, mark + text + mark, length, length + text.length);
}

/** Marks reach to the end of a paragraph or an item: each that is selected gets its own. */
function eachBlock(area, from, to, mark) {
  const { value } = area, start = from === lineStart(value, from) ? 0 : value.slice(lineStart(value, from), from).length;
  const pieces = value.slice(from - start, to).split("\n").map((line, at) => {
    const [, head, words, tail] = BLOCK.exec(line);
    const cut = at === 0 ? Math.max(0, start - head.length) : 0;
    return { head: head + words.slice(0, cut), words: words.slice(cut), tail };
  });
  const isMarked = ({ words }) => words.length > 2 * mark.length && words.startsWith(mark) && words.endsWith(mark);
  const isOn = pieces.every((one) => !one.words || isMarked(one));
  const changed = pieces.map((one) => {
    const { head, words, tail } = one;
    if (!words || isMarked(one) !== isOn) return head + words + tail;
    return head + (isOn ? words.slice(mark.length, -mark.length) : mark + words + mark) + tail;
  });
  const text = changed.join("\n").slice(start);
  replace(area, from, to, text, 0, text.length);
}

function code(area) {
  const { value, selectionStart, selectionEnd } = area;
  const text = value.slice(selectionStart, selectionEnd);
  const { from, to } = lines(area);
  if (!text.includes("\n") && value.slice(from, to).trim()) return around(area, "`");
  const fence = "`".repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  replace(area, from, to, `${fence}\n${value.slice(from, to)}\n${fence}`, fence.length);
}

function link(area) {
  const { value, selectionStart: from, selectionEnd: to } = area;
  const text = value.slice(from, to), address = "https://";
  if (!text) replace(area, from, to, `[](${address})`, 1);
  else if (/^https?:\/\/\S+$/i.test(text)) replace(area, from, to, `[](${text})`, 1);
  else {
    const words = label(text);
    replace(area, from, to, `[${words}](${address})`, words.length + 3, words.length + 3 + address.length);
  }
}

/** No heading, a heading, a lower one, and none again. */
function heading(area) {
  const { from } = lines(area), to = lineEnd(area.value, from);
  const line = area.value.slice(from, to), [mark] = /^(#{1,6} +)?/.exec(line);
  const next = { 0: "## ", 2: "### ", 3: "" }[mark.trim().length] ?? "";
  replace(area, from, to, next + line.slice(mark.length));
}

/** Begins each line that is selected in one way, or, where all begin so, in none. */
function eachLine(area, has, begin) {
  const { from, to } = lines(area);
  const before = area.value.slice(from, to).split("\n");
  const isOn = before.every((line) => has.test(line));
  const after = before.map((line, at) => (isOn ? line.replace(has, "") : begin(line, at))).join("\n");
  if (before.length > 1) replace(area, from, to, after, 0, after.length);
  else replace(area, from, to, after);
}

function items(area, has, mark) {
  let number = 0;
  eachLine(area, has, (line, at) => {
    if (!line.trim() && at > 0) return line;
    number += 1;
    return line.replace(MARK, (_, outer) => outer + mark(number));
  });
}

function table(area, words) {
  const row = (text) => `| ${text} | ${text} |\n`;
  const head = row(words.column);
  insertBlock(area, `${head}${row("---")}${row(" ")}`.trimEnd(), 2, 2 + words.column.length);
}

/** A mark here, and its note under the paragraph. */
function footnote(area, words) {
  const { value, selectionEnd: at } = area;
  if (isInCode(value, at)) return;
  const taken = [...value.matchAll(/\[\^(\d{1,4})\]/g)].map(([, number]) => Number(number));
  const mark = `[^${Math.max(0, ...taken) + 1}]`;
  const rest = value.slice(at), end = /\n[ \t]*(?:\n|$)|$/.exec(rest).index;
  const text = `${mark}${rest.slice(0, end)}\n\n${mark}: `;
  const after = rest.slice(end).startsWith("\n") || !rest.slice(end) ? "" : "\n";
  replace(area, at, at + end, text + words.note + after, text.length, text.length + words.note.length);
}
