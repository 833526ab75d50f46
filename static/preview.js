// The preview beside the text: drawn by the server as readers get it, anew at each pause, and scrolled with the text.
import { heights, placeOfLine } from "./edit.js";

const PAUSE = 120;
/** What the ids of the marks before blocks begin with; the number of the block's line follows. */
const LINE = "seen-line-";

/** Draws what `area` holds into `pane` while `isOpen` says so; gives back what draws it at once. */
export function preview(area, pane, isOpen) {
  const seen = pane.querySelector("[data-seen]"), failed = pane.querySelector("[data-failed]");
  let asking, pause, places = null;

  const draw = async () => {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      // An ended session would lead to its door.
      const answer = await fetch("/admin/posts/preview.fragment", {
        method: "POST",
        body: new URLSearchParams({ text: area.value }),
        redirect: "error",
        signal,
      });
      if (!answer.ok) throw answer;
      show((await answer.json()).html);
      failed.hidden = true;
    } catch {
      if (!signal.aborted) failed.hidden = false;
    }
  };

  const show = (html) => {
    const { body } = new DOMParser().parseFromString(html, "text/html");
    // Nothing leads away from what is being written.
    for (const link of body.querySelectorAll("a[href]:not([href^='#'])")) link.target = "_blank";
    exchange([...seen.childNodes], [...body.childNodes]);
    places = null;
    follow();
  };

  /** Puts in the place of `old` what differs from it in `fresh`: the blocks before and behind a change are laid out already. */
  const exchange = (old, fresh) => {
    const least = Math.min(old.length, fresh.length);
    let first = 0, last = 0;
    while (first < least && isSame(old[first], fresh[first])) first += 1;
    while (last < least - first && isSame(old.at(-1 - last), fresh.at(-1 - last))) last += 1;
    const behind = old[old.length - last] ?? null;
    old.slice(first, old.length - last).forEach((node) => node.remove());
    fresh.slice(first, fresh.length - last).forEach((node) => seen.insertBefore(node, behind));
  };

  /** Whether a block is as it was; the number of its line may be another, and is noted. */
  const isSame = (one, other) => {
    if (!one.id?.startsWith(LINE) || !other.id?.startsWith(LINE)) return one.isEqualNode(other);
    one.id = other.id;
    return true;
  };

  /** Heights that belong together, in the text and in the preview, from top to bottom. */
  const pairs = () => {
    if (places) return places;
    const measured = heights(area);
    const paneTop = pane.getBoundingClientRect().top - pane.scrollTop;
    places = [[0, 0]];
    let line = 1, at = 0;
    for (const mark of seen.querySelectorAll(`[id^='${LINE}']`)) {
      const wanted = Number(mark.id.slice(LINE.length));
      at = placeOfLine(area.value, wanted, line, at);
      line = wanted;
      const next = mark.nextElementSibling;
      if (at < 0 || !next) break;
      const pair = [measured.at(at), next.getBoundingClientRect().top - paneTop];
      if (pair[0] > places.at(-1)[0] && pair[1] > places.at(-1)[1]) places.push(pair);
    }
    places.push([Math.max(area.scrollHeight, places.at(-1)[0] + 1), Math.max(pane.scrollHeight, places.at(-1)[1] + 1)]);
    measured.done();
    return places;
  };

  /** Scrolls one of the two to where the other is. */
  let led = null;
  const lead = (from, to, side) => {
    if (led === from) {
      led = null;
      return;
    }
    const list = pairs(), top = from.scrollTop;
    const next = Math.max(1, list.findIndex((pair) => pair[side] > top));
    const [low, high] = [list[next - 1], list[next]], share = (top - low[side]) / (high[side] - low[side]);
    const wanted = Math.round(low[1 - side] + share * (high[1 - side] - low[1 - side]));
    const before = to.scrollTop;
    to.scrollTop = wanted;
    // What is scrolled by us leads nobody.
    if (to.scrollTop !== before) led = to;
  };
  const isBeside = () => isOpen() && area.offsetParent && pane.offsetParent;
  const follow = () => isBeside() && lead(area, pane, 0);

  area.addEventListener("input", () => {
    places = null;
    clearTimeout(pause);
    if (isOpen()) pause = setTimeout(draw, PAUSE);
  });
  area.addEventListener("scroll", follow, { passive: true });
  pane.addEventListener("scroll", () => isBeside() && lead(pane, area, 1), { passive: true });
  new ResizeObserver(() => (places = null)).observe(pane);
  // Pictures move what is below them.
  seen.addEventListener("load", () => (places = null), true);
  return draw;
}
