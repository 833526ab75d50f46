// The queue by keyboard: j and k go from comment to comment, a letter presses the button that does the same.
const comments = [...document.querySelectorAll(".moderated")];
const help = document.getElementById("keys");
const act = { a: "approve", h: "hold", s: "spam", d: "trash", u: "restore" };

/** The comment that has the keyboard, or nothing. */
const current = () => document.activeElement?.closest(".moderated");

function go(by) {
  const at = comments.indexOf(current());
  const next = at < 0 ? comments[0] : comments[Math.min(Math.max(at + by, 0), comments.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function reply(comment) {
  const field = comment?.querySelector("textarea");
  if (!field) return false;
  field.closest("details").open = true;
  field.focus();
  return true;
}

/** Does what a key means; `false` where it means nothing. */
function press(key) {
  const comment = current();
  if (key === "j" || key === "k") go(key === "j" ? 1 : -1);
  else if (key === "?") help?.showModal();
  else if (key === "x") comment?.querySelector("[name=id]")?.click();
  else if (key === "r") return reply(comment);
  else if (key === "z") document.querySelector(".undo button")?.click();
  else if (act[key]) comment?.querySelector(`.acts > form [value=${act[key]}]`)?.click();
  else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest?.("textarea, select, input:not([type=checkbox]), [contenteditable], dialog");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat && !"jk".includes(event.key)) return;
  if (press(event.key)) event.preventDefault();
});

// Whoever acted goes on where they were.
const next = location.hash && document.getElementById(location.hash.slice(1));
if (next && comments.includes(next)) next.focus();
else if (document.querySelector(".notice")) comments[0]?.focus({ preventScroll: true });
