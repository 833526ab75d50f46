// What the comment form does beyond sending itself: answers in place, counts, remembers who writes, finds a comment elsewhere.

const form = document.getElementById("comment-form");

findElsewhere();
addEventListener("hashchange", findElsewhere);

if (form) {
  count(form.elements.text, form.querySelector("output"));
  remember(form);
  answerInPlace(form);
}

/** Follows the address of a comment that stands on another part of its thread by now. */
function findElsewhere() {
  const place = /^#comment-([1-9]\d*)$/.exec(location.hash);
  if (place && !document.getElementById(location.hash.slice(1))) location.replace(`/comments/${place[1]}`);
}

/** Shows how much of the allowed length is used, from the last fifth on. */
function count(text, shown) {
  const number = new Intl.NumberFormat(document.documentElement.lang);
  const show = () => {
    // As the server counts: in characters, not in units of UTF-16.
    const used = [...text.value].length;
    shown.hidden = used < text.maxLength * 0.8;
    shown.textContent = `${number.format(used)} / ${number.format(text.maxLength)}`;
  };
  text.addEventListener("input", show);
  show();
}

/** Keeps name, e-mail address and website in this browser, and nowhere else, if asked to. */
function remember(form) {
  const key = "commenter";
  const fields = ["name", "email", "website"];
  const box = form.querySelector("#remember");
  box.parentElement.hidden = false;
  const kept = read(key);
  box.checked = kept !== null;
  for (const field of fields) {
    if (kept?.[field] && !form.elements[field].value) form.elements[field].value = kept[field];
  }
  box.addEventListener("change", () => {
    if (!box.checked) write(key, null);
  });
  form.addEventListener("submit", () => {
    if (box.checked) write(key, Object.fromEntries(fields.map((field) => [field, form.elements[field].value])));
  });
}

/** Moves the form under the comment that is answered, and back. */
function answerInPlace(form) {
  const heading = document.getElementById("post-a-comment");
  const cancel = form.querySelector("[data-cancel]");
  if (!heading || !cancel) return;
  const home = document.createElement("div");
  const said = heading.textContent;
  heading.before(home);
  let from = null;
  document.querySelector(".thread")?.addEventListener("click", (event) => {
    const link = event.target.closest(".reply a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    const id = /^\/comments\/([1-9]\d*)\/reply$/.exec(link.pathname)?.[1];
    if (!id) return;
    event.preventDefault();
    from = link;
    parent().value = id;
    heading.textContent = link.getAttribute("aria-label");
    link.closest("article").append(heading, form);
    cancel.hidden = false;
    form.elements.text.focus();
  });
  cancel.addEventListener("click", () => {
    form.elements.parent?.remove();
    heading.textContent = said;
    home.after(heading, form);
    cancel.hidden = true;
    from?.focus();
  });

  function parent() {
    if (!form.elements.parent) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = "parent";
      form.prepend(field);
    }
    return form.elements.parent;
  }
}

// A browser may refuse to keep anything: then nothing is remembered.
function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // As above.
  }
}
