// Works for a comment while it is being written: finds a number whose hash begins with enough zeros (src/rules/judge/work.rs
// checks it). Nothing depends on it: a comment that is sent without it has some points more.

/** Milliseconds of work after which the page may do something else. */
const SLICE = 12;
/** Milliseconds without typing before work begins, and the longest wait when the comment is sent. */
const PAUSE = 700;
const PATIENCE = 4000;

const K = constants();
const WORDS = new Uint32Array(64);

const form = globalThis.document?.getElementById("comment-form");
if (form) workFor(form, Number(form.dataset.work));

function workFor(form, bits) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "work";
  form.append(field);
  let [timer, current] = [0, null];

  /** Begins anew when the text is another; the promise is kept when its number is in the field. */
  const begin = () => {
    const text = form.elements.text.value;
    if (current?.text === text) return current.done;
    if (current) current.isOver = true;
    field.value = "";
    const work = { text, isOver: false };
    current = work;
    work.done = find(form.elements.post.value, hourNow(), text, bits, () => work.isOver).then((found) => {
      if (found && !work.isOver) field.value = found;
    });
    return work.done;
  };
  form.elements.text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(begin, PAUSE);
  });
  let isSent = false;
  form.addEventListener("submit", (event) => {
    if (isSent || event.submitter?.name === "preview") return;
    const work = begin();
    if (field.value) return;
    event.preventDefault();
    const late = new Promise((done) => setTimeout(done, PATIENCE));
    Promise.race([work, late]).then(() => {
      isSent = true;
      form.requestSubmit(event.submitter);
      isSent = false;
    });
  });
}

function hourNow() {
  return Math.floor(Date.now() / 3_600_000);
}

/** `HOUR:NUMBER`, or null when it is over before. Works in slices. */
export async function find(post, hour, text, bits, isOver) {
  const wanted = sha256(new TextEncoder().encode(`${post}\n${hour}\n${text.replaceAll("\r\n", "\n")}`));
  // One block: the hash, the number, and the padding of 36 bytes.
  const block = new Uint32Array(16);
  block.set(wanted);
  block[9] = 0x80000000;
  block[15] = 36 * 8;
  let until = performance.now() + SLICE;
  for (let number = 0; number <= 0xffffffff; number += 1) {
    block[8] = number;
    if (Math.clz32(compress(initial(), block)[0]) >= bits) return `${hour}:${number}`;
    if (number % 256 === 0 && performance.now() > until) {
      await new Promise((done) => setTimeout(done));
      if (isOver()) return null;
      until = performance.now() + SLICE;
    }
  }
  return null;
}

/** FIPS 180-4, as eight words. */
function sha256(bytes) {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, bytes.length * 8);
  const state = initial();
  const block = new Uint32Array(16);
  for (let at = 0; at < padded.length; at += 64) {
    for (let word = 0; word < 16; word += 1) block[word] = view.getUint32(at + word * 4);
    compress(state, block);
  }
  return state;
}

function initial() {
  return Uint32Array.of(
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
  );
}

/** Takes one block into the state. */
function compress(state, block) {
  const w = WORDS;
  w.set(block);
  for (let i = 16; i < 64; i += 1) {
    const [x, y] = [w[i - 15], w[i - 2]];
    w[i] = w[i - 16] + w[i - 7] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i += 1) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  const sums = [a, b, c, d, e, f, g, h];
  for (let i = 0; i < 8; i += 1) state[i] += sums[i];
  return state;
}

function turn(word, bits) {
  return (word >>> bits) | (word << (32 - bits));
}

/** The first 32 bits behind the point of the cube roots of the first 64 primes. */
function constants() {
  const found = [];
  for (let number = 2; found.length < 64; number += 1) {
    let isPrime = true;
    for (let by = 2; by * by <= number; by += 1) isPrime &&= number % by !== 0;
    if (isPrime) found.push((Math.cbrt(number) % 1) * 2 ** 32);
  }
  return Uint32Array.from(found, Math.floor);
}
