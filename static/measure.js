// Counts: words and minutes of a text, characters of a field.

/** Chinese and Japanese put no space between words: there each character counts, here as on the server. */
const IDEOGRAPH = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;
const WORD = /(?<!\S)[^\s\p{L}\p{N}]*[\p{L}\p{N}]/gu;
const WORDS_A_MINUTE = 230;
const PAUSE = 300;

const number = new Intl.NumberFormat(document.documentElement.lang);

/** How many words `markdown` has; where its links lead is not read. */
export function words(markdown) {
  const text = markdown.replace(/\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*/g, "] ").replace(IDEOGRAPH, " x ");
  return text.match(WORD)?.length ?? 0;
}

/** Shows words and minutes of `area`, again whenever its writer pauses. */
export function measure(area, box) {
  const shown = box.querySelector("[data-words]"), minutes = box.querySelector("[data-minutes]");
  const show = () => {
    const count = words(area.value);
    shown.textContent = number.format(count);
    minutes.textContent = number.format(Math.max(1, Math.ceil(count / WORDS_A_MINUTE)));
  };
  let pause;
  area.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(show, PAUSE);
  });
  box.hidden = false;
  show();
}

/** Shows how many characters of its length a field has used. */
export function count(field) {
  const shown = document.createElement("span");
  shown.className = "help";
  field.after(shown);
  // As the server counts: in characters, not in units of UTF-16.
  const show = () => (shown.textContent = `${number.format([...field.value].length)} / ${number.format(field.maxLength)}`);
  field.addEventListener("input", show);
  show();
}
