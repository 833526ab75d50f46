// The card that shows a post as search engines and social sites will: kept true while somebody writes.

/** Follows the fields of `form`; what the text alone decides is told by the server when it is saved. */
export function card(form) {
  const shown = (name) => form.querySelector(`[data-card=${name}]`), { title, description, excerpt, cover, slug } = form.elements;
  const place = shown("address").querySelector("bdi");
  let fallback = { text: shown("text").dataset.else, picture: shown("picture").dataset.else, address: place.textContent };
  const draw = () => {
    place.textContent = slug.value ? fallback.address.replace(/[^/]*$/, () => slug.value) : fallback.address;
    shown("title").textContent = title.value || "…";
    shown("text").textContent = description.value || excerpt.value || fallback.text;
    const address = /^\/media\/[0-9a-f]{32}\//.test(cover.value) ? cover.value : fallback.picture;
    shown("picture").hidden = !address;
    if (address && shown("picture").getAttribute("src") !== address) shown("picture").src = address;
  };
  form.addEventListener("input", ({ target }) => [title, description, excerpt, cover, slug].includes(target) && draw());
  form.addEventListener("saved", ({ detail }) => {
    fallback = detail.card;
    draw();
  });
}
