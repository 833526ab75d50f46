// The card that shows a post as search engines and social sites will: kept true while somebody writes.

/** Follows the fields of `form`; what the text alone decides stays as it came. */
export function card(form) {
  const shown = (name) => form.querySelector(`[data-card=${name}]`), { title, description, excerpt, cover } = form.elements;
  const fallback = { text: shown("text").dataset.else, picture: shown("picture").dataset.else };
  const draw = () => {
    shown("title").textContent = title.value || "…";
    shown("text").textContent = description.value || excerpt.value || fallback.text;
    const address = /^\/media\/[0-9a-f]{32}\//.test(cover.value) ? cover.value : fallback.picture;
    shown("picture").hidden = !address;
    if (address && shown("picture").getAttribute("src") !== address) shown("picture").src = address;
  };
  form.addEventListener("input", ({ target }) => [title, description, excerpt, cover].includes(target) && draw());
}
