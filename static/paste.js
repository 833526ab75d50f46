// Rich text becomes Markdown: what Word, Docs and web pages put on the clipboard, without their styles and their tracking.
import { lineEnd, lineStart } from "./edit.js";
import { escaped } from "./typing.js";

/** Elements that begin and end a block. */
const BLOCKS = "address article aside blockquote center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr iframe li main nav ol p pre section summary table ul".split(" ");
/** Elements that say nothing. */
const SILENT = "button canvas embed head input link math meta noscript object script select style svg template textarea title video audio xml".split(" ");
/** What, if anything, makes it worth more than its plain text. */
const RICH = "h1,h2,h3,h4,h5,h6,ul,ol,table,pre,code,blockquote,iframe,sub,sup,b,strong,i,em,a[href],img,del,s,hr,[style*='mso-list'],[style*='font-weight'],[style*='italic'],[style*='align: su'],[style*='align:su']";
const TRACKING = /^(utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|yclid|_hsenc|_hsmi)$/i;

/** How Markdown begins what is no paragraph. */
const BLOCK = /^\s*(?:#{1,6} |>|[-*+] |\d{1,9}[.)] |\||`{3}|---$)/;

/** `html` in Markdown; empty where it has nothing that its plain text has not. */
export function markdown(html) {
  // A page's policy forbids styles and handlers: what those say is read, and never applied, what these do is nobody's.
  const inert = (tag) => tag.replace(/([\s/"'])(style|on\w+)=/gi, "$1data-$2=");
  const quiet = html.replace(/<style[^]*?<\/style>/gi, "").replace(/<[a-z][^>]*>/gi, inert);
  const { body } = new DOMParser().parseFromString(quiet, "text/html");
  for (const one of body.querySelectorAll("[data-style]")) one.setAttribute("data-style", one.getAttribute("data-style").replace(/\s+/g, " "));
  if (body.querySelector(RICH.replaceAll("style", "data-style"))) return blocks(body).join("\n\n");
  // Plain text has one line's end between paragraphs, which Markdown takes for none.
  const parts = blocks(body);
  return parts.length > 1 ? parts.join("\n\n") : "";
}

/** `text` as it may stand in the place of what is selected in `area`: a block keeps to lines of its own. */
export function fitted({ value, selectionStart, selectionEnd }, text) {
  const before = value.slice(lineStart(value, selectionStart), selectionStart), after = value.slice(selectionEnd, lineEnd(value, selectionEnd));
  const first = /^.*/.exec(text)[0], last = /(?:^|\n\n)((?:(?!\n\n)[^])*)$/.exec(text)[1];
  // Behind the mark of an item or a quote its own text begins.
  const isOpen = before.trim() && !/^[ \t>]*(?:[-*+]|\d{1,9}[.)]|#{1,6})?[ \t]*$/.test(before);
  return (isOpen && BLOCK.test(first) ? "\n\n" : "") + text + (after.trim() && (BLOCK.test(last) || /^(`{3,}|~{3,})$/m.test(last)) ? "\n\n" : "");
}

const nameOf = (node) => node.nodeName.toLowerCase();
const styleOf = (element) => element.getAttribute("data-style") ?? "";
const isBlock = (node) => BLOCKS.includes(nameOf(node));
const holdsBlocks = (element) => element.querySelector(BLOCKS.join(",")) !== null;
const indented = (text, by) => text.replace(/^(?=.)/gm, by).slice(by.length);

/** The blocks in `parent`, each as Markdown. */
function blocks(parent) {
  const out = [];
  let line = [];
  const end = () => {
    const text = written(line);
    if (text) out.push(startless(text));
    line = [];
  };
  let items = [];
  const endItems = () => {
    if (items.length) out.push(wordList(items));
    items = [];
  };
  for (const node of parent.childNodes) {
    const item = node.nodeType === Node.ELEMENT_NODE && wordItem(node);
    if (item) {
      end();
      items.push(item);
    } else if (node.nodeType === Node.ELEMENT_NODE && (isBlock(node) || holdsBlocks(node))) {
      end();
      endItems();
      out.push(...block(node));
    } else {
      const inline = runs(node, {});
      if (items.length && !inline.some((run) => run.text.trim())) continue;
      endItems();
      line.push(...inline);
    }
  }
  end();
  endItems();
  return out.filter((text) => text.trim());
}

function block(element) {
  const name = nameOf(element);
  const level = /^h([1-6])$/.exec(name)?.[1] ?? /^MsoHeading([1-6])$/.exec(element.className)?.[1];
  if (level) {
    const text = written(runs(element, { isHeading: true })).replace(/\\?\n/g, " ");
    return text ? [`${"#".repeat(level)} ${text}`] : [];
  }
  switch (name) {
    case "hr":
      return ["---"];
    case "pre":
      return [fenced(element)];
    case "ul":
    case "ol":
      return [list(element)];
    case "table":
      return table(element);
    case "blockquote":
      return [blocks(element).join("\n\n").replace(/^/gm, "> ").replace(/^> $/gm, ">")];
    case "iframe":
      return video(element);
    case "dt":
      return [written(runs(element, { isBold: true }))];
    default:
      return SILENT.includes(name) ? [] : blocks(element);
  }
}

/** What a frame of another site's shows, by its address; of a video, where it is watched. */
function video(frame) {
  const address = clean(frame.getAttribute("src") ?? "");
  const watched = (address ?? "")
    .replace(/^https:\/\/www\.youtube(?:-nocookie)?\.com\/embed\/([\w-]+)(?:.*?[?&]start=(\d+))?.*/, (_, id, start) => `https://www.youtube.com/watch?v=${id}${start ? `&t=${start}` : ""}`)
    .replace(/^https:\/\/player\.vimeo\.com\/video\/(\d+).*/, "https://vimeo.com/$1");
  return watched && !watched.startsWith("/") ? [watched] : [];
}

function fenced(element) {
  for (const line of element.querySelectorAll("br")) line.replaceWith("\n");
  const text = element.textContent.replace(/\n+$/, "");
  const classes = `${element.className} ${element.querySelector("code")?.className ?? ""}`;
  const language = /\b(?:language|lang|brush:|highlight-source)-?\s*([\w+#-]+)/.exec(classes)?.[1] ?? "";
  const fence = "`".repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `${fence}${language}\n${text}\n${fence}`;
}

function list(element) {
  const isNumbered = nameOf(element) === "ol";
  let number = element.start ?? 1, last = "- ";
  const out = [];
  for (const child of element.children) {
    if (["ul", "ol"].includes(nameOf(child))) {
      // As Docs nests: beside its item, not in it.
      out.push(" ".repeat(last.length) + indented(list(child), " ".repeat(last.length)));
      continue;
    }
    const box = child.querySelector("input[type=checkbox]") ?? (child.getAttribute("role") === "checkbox" ? child : null);
    const task = box ? `[${box.checked || box.hasAttribute("checked") || child.ariaChecked === "true" ? "x" : " "}] ` : "";
    last = isNumbered ? `${number}. ` : "- ";
    const parts = blocks(child);
    const isLoose = parts.slice(1).some((part) => !/^\s*([-*+]|\d+\.) /.test(part));
    out.push(last + task + indented(parts.join(isLoose ? "\n\n" : "\n"), " ".repeat(last.length)));
    number += 1;
  }
  return out.join("\n");
}

/** An item of Word's: a paragraph that says in its style how deep it stands, and shows its own mark. */
function wordItem(element) {
  const level = /mso-list: ?l\d+ level(\d+)/i.exec(styleOf(element))?.[1];
  if (!level || !/^(p|div)$/.test(nameOf(element))) return null;
  const mark = [...element.querySelectorAll("[data-style*='mso-list']")].find((one) => /mso-list: ?ignore/i.test(styleOf(one)));
  const sign = mark?.textContent.replace(/\u00a0/g, " ").trim() ?? "";
  mark?.remove();
  return { level: Number(level), isNumbered: /^\(?(\d+|[a-z]|[ivxlc]+)[.)]/i.test(sign), text: written(runs(element, {})) };
}

function wordList(items) {
  // For each level that is open: how far its items' texts stand in, and their number.
  const open = [];
  return items
    .map(({ level, isNumbered, text }) => {
      const least = Math.min(level, open.length + 1);
      open.length = Math.min(open.length, least);
      const own = (open[least - 1] ??= { number: 0, width: 0 });
      own.number += 1;
      const mark = isNumbered ? `${own.number}. ` : "- ";
      own.width = mark.length;
      const space = " ".repeat(open.slice(0, least - 1).reduce((sum, one) => sum + one.width, 0));
      return space + mark + indented(text, space + " ".repeat(mark.length));
    })
    .join("\n");
}

function table(element) {
  const rows = [...element.rows].map((row) => [...row.cells]);
  const widest = Math.max(0, ...rows.map((row) => row.length));
  // One that only lays out a page.
  if (widest < 2 || rows.length < 2 || element.querySelector("table")) return rows.flat().flatMap(blocks);
  const cell = (one) => (one ? blocks(one).join(" ").replace(/\\?\s*\n\s*/g, " ").replace(/\|/g, "\\|") : "");
  const drawn = rows.map((row) => `| ${Array.from({ length: widest }, (_, at) => cell(row[at])).join(" | ")} |`);
  drawn.splice(1, 0, `|${" --- |".repeat(widest)}`);
  const caption = element.caption ? blocks(element.caption) : [];
  return [...caption, drawn.join("\n")];
}

/** The inline text of `node`: pieces with what is said of each. */
function runs(node, said) {
  if (node.nodeType === Node.TEXT_NODE) return [{ ...said, text: node.data.replace(/[\s\u00a0]+/g, " ") }];
  if (node.nodeType !== Node.ELEMENT_NODE || SILENT.includes(nameOf(node))) return [];
  const name = nameOf(node);
  if (name === "br") return [{ ...said, text: "\n" }];
  if (name === "img") return picture(node, said);
  const now = { ...said, ...change(node, name) };
  if (said.isHeading) now.isBold = false;
  if (name === "code" || name === "kbd" || name === "samp" || name === "tt") now.isCode = true;
  if (name === "a") now.address = addressOf(node) ?? said.address;
  return [...node.childNodes].flatMap((child) => runs(child, now));
}

/** What an element changes, by its name and, since Docs says it so, by its style. */
function change(element, name) {
  const style = styleOf(element), now = {};
  if (name === "b" || name === "strong") now.isBold = true;
  if (name === "i" || name === "em" || name === "cite") now.isItalic = true;
  if (name === "s" || name === "del" || name === "strike") now.isStruck = true;
  if (name === "sub" || name === "sup") now.level = name;
  const weight = /font-weight: ?(\w+)/i.exec(style)?.[1];
  if (weight) now.isBold = weight === "bold" || weight === "bolder" || Number(weight) >= 600;
  const slant = /font-style: ?(\w+)/i.exec(style)?.[1];
  if (slant) now.isItalic = slant === "italic";
  const level = /vertical-align: ?(super|sub)\b/i.exec(style)?.[1];
  if (level) now.level = level === "super" ? "sup" : "sub";
  if (/text-decoration[^;]*line-through/i.test(style)) now.isStruck = true;
  if (name === "span" && /font-family:[^;]*(mono|courier|consolas|menlo)/i.test(style)) now.isCode = true;
  return now;
}

function picture(image, said) {
  const text = image.getAttribute("alt")?.replace(/\s+/g, " ").trim() ?? "";
  const address = clean(image.getAttribute("src") ?? "");
  if (!address) return text ? [{ ...said, text }] : [];
  // The blog's own are shown; others are linked to, since a page asks nobody else for anything.
  if (address.startsWith("/media/")) return [{ text: `![${text}](${escaped(address)})`, isDone: true }];
  return [{ ...said, text: text || address, address: said.address ?? address }];
}

const addressOf = (link) => (/^_(Toc|Ref|ftn|edn)|^#/i.test(link.getAttribute("href") ?? "#") ? undefined : clean(link.getAttribute("href")));

/** An address without what follows its reader about; `undefined` where it leads nowhere on the web. */
function clean(address) {
  let url;
  try {
    url = new URL(address, location.origin);
  } catch {
    return undefined;
  }
  if (/(^|\.)google\.[a-z.]+$/.test(url.hostname) && url.pathname === "/url" && url.searchParams.has("q")) return clean(url.searchParams.get("q"));
  if (!["http:", "https:", "mailto:"].includes(url.protocol)) return undefined;
  const followed = [...url.searchParams.keys()].filter((name) => TRACKING.test(name));
  for (const name of followed) url.searchParams.delete(name);
  if (url.origin === location.origin) return url.pathname + url.search + url.hash;
  return followed.length || /^[\w+.-]+:/.test(address) === false ? url.href : address;
}

/** Pieces as Markdown; those of one kind are joined, and marks stand close to their words. */
function written(pieces) {
  const same = (one, other) => ["isBold", "isItalic", "isStruck", "isCode", "level", "address", "isDone"].every((key) => (one[key] || undefined) === (other[key] || undefined));
  const joined = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    // Space between two that are alike belongs to both.
    if (last && (same(last, piece) || (!piece.text.trim() && !piece.text.includes("\n") && !piece.address))) last.text += piece.text;
    else joined.push({ ...piece });
  }
  const merged = [];
  for (const piece of joined) {
    const last = merged.at(-1);
    if (last && same(last, piece)) last.text += piece.text;
    else merged.push(piece);
  }
  let text = "";
  merged.forEach((piece, at) => (text += marked(piece, text.at(-1) ?? " ", opening(merged[at + 1]))));
  return text.replace(/ *\n */g, "\n").replace(/ {2,}/g, " ").trim().replace(/\n{2,}/g, "\n").replace(/\n/g, "\\\n");
}

const isEmphasis = (piece) => Boolean(piece.isBold || piece.isItalic || piece.isStruck);

/** What a piece begins with; space where there is none. */
function opening(piece) {
  if (!piece || /^\s/.test(piece.text)) return " ";
  if (isEmphasis(piece)) return "*";
  return piece.isDone || piece.isCode || piece.level || piece.address ? "[" : String.fromCodePoint(piece.text.codePointAt());
}

/** A piece with its marks, between the signs that stand before and behind it. */
function marked(piece, prior, next) {
  if (piece.isDone) return piece.text;
  let [, before, inner, after] = /^(\s*)([^]*?)(\s*)$/.exec(piece.text);
  if (!inner) return piece.text;
  const isPlain = !piece.isCode && !piece.level && !piece.address, [left, right] = [before ? " " : prior, after ? " " : next];
  if (isEmphasis(piece) && isPlain) {
    const [out, within, behind] = sorted(inner, left, right);
    if (!within) return piece.text.replace(inner, () => literal(inner));
    [before, inner, after] = [before + literal(out), within, literal(behind) + after];
  }
  let text = piece.isCode ? coded(inner) : literal(inner);
  if (piece.level) text = `<${piece.level}>${text}</${piece.level}>`;
  // Between words, or beside other stars, stars would not be read as marks.
  const isTight = !piece.address && (left === "*" || right === "*" || (!isPlain && (isWord(left) || isWord(right))));
  const around = (mark, name) => (text = isTight ? `<${name}>${text}</${name}>` : mark + text + mark);
  if (piece.isStruck) around("~~", "del");
  if (piece.isItalic) around("*", "em");
  if (piece.isBold) around("**", "strong");
  if (piece.address && inner === piece.address) text = inner;
  else if (piece.address) text = `[${text}](${escaped(piece.address)})`;
  return before + text + after;
}

const isWord = (sign) => /[^\s\p{P}\p{S}]/u.test(sign);

/** Words that are emphasised, with the signs outside that would keep a mark from being read between them and a word. */
function sorted(words, left, right) {
  const end = isWord(right) ? /[\p{P}\p{S}]*$/u.exec(words)[0] : "";
  const isPair = /[\p{Pe}\p{Pf}"']/u.test(end);
  const start = isWord(left) ? /^[\p{P}\p{S}]*/u.exec(words)[0] : isPair ? /^[\p{Ps}\p{Pi}"']*/u.exec(words)[0] : "";
  return start.length + end.length < words.length ? [start, words.slice(start.length, words.length - end.length), end] : [words, "", ""];
}

function coded(text) {
  const fence = "`".repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  const space = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return fence + space + text + space + fence;
}

/** Text that means itself, with as few backslashes as that takes. */
function literal(text) {
  return text
    .replace(/[\\`*]/g, "\\$&")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
    .replace(/<(?=[a-z/!?])/gi, "\\<")
    .replace(/&(?=#?\w+;)/g, "\\&")
    .replace(/\[(?=[^\]]*\][(:[])/g, "\\[")
    .replace(/~~/g, "\\~~")
    .replace(/\$(?=[^\s$][^$]*[^\s$]\$(?!\d))/g, "\\$");
}

/** A paragraph with lines that begin like something else. */
const startless = (text) => text.replace(/^(#{1,6} |>|[-+] |[-=]+\\?$|\|)/gm, "\\$1").replace(/^(\d{1,9})([.)] )/gm, "$1\\$2");
