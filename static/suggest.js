// A field that offers what fits: arrows go through the list, Enter takes, Escape closes.
const PAUSE = 120;

/**
 * Makes `field` a combobox over `list`. `sought` gives what is looked for, or `null`; `ask` (with an `AbortSignal`) the
 * offers for that, each with a `label`, and a `detail` and a `picture` where it has them; `take` is given the one that was chosen.
 */
export function suggest(field, list, { sought, ask, take }) {
  let offers = [], at = -1, pause, asking;

  const close = () => {
    clearTimeout(pause);
    asking?.abort();
    list.hidden = true;
    [offers, at] = [[], -1];
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const go = (to) => {
    at = (to + offers.length) % offers.length;
    [...list.children].forEach((one, index) => one.setAttribute("aria-selected", String(index === at)));
    list.children[at].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", list.children[at].id);
  };

  const show = (found) => {
    close();
    offers = found;
    list.replaceChildren(...found.map((offer, index) => option(list.id, offer, index)));
    list.hidden = found.length === 0;
    field.setAttribute("aria-expanded", String(found.length > 0));
  };

  const choose = (index) => {
    const chosen = offers[index];
    close();
    if (chosen) take(chosen);
  };

  /** The newest question wins. */
  const look = async () => {
    const text = sought();
    if (text === null) return close();
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    try {
      const found = await ask(text, signal);
      if (!signal.aborted) show(found);
    } catch {
      if (!signal.aborted) close();
    }
  };

  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-controls", list.id);
  field.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(look, PAUSE);
  });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || !offers.length) return;
    if (event.key === "ArrowDown") go(at + 1);
    else if (event.key === "ArrowUp") go(at < 0 ? -1 : at - 1);
    else if (event.key === "Enter" && at >= 0) choose(at);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  // The field keeps the keyboard.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => choose([...list.children].indexOf(event.target.closest("[role=option]"))));
  return { look };
}

function option(list, { label, detail, picture }, index) {
  const one = document.createElement("li");
  [one.id, one.role, one.ariaSelected] = [`${list}-${index}`, "option", "false"];
  const name = document.createElement("bdi"), more = document.createElement("span");
  [name.textContent, more.textContent, more.className] = [label, detail ?? "", "help"];
  if (picture) one.append(thumbnail(picture));
  one.append(name, " ", more);
  return one;
}

function thumbnail(address) {
  const picture = new Image(48, 48);
  [picture.src, picture.alt] = [address, ""];
  return picture;
}

/** What the server offers. An ended session offers nothing, instead of its door. */
export async function offersAt(address, text, signal) {
  const query = `${address.includes("?") ? "&" : "?"}q=${encodeURIComponent(text)}`;
  const answer = await fetch(address + query, { signal, redirect: "error", headers: { accept: "application/json" } });
  return answer.ok ? answer.json() : [];
}
