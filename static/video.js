// A video plays where its card stands, once somebody asks for that: until then its host hears nothing.
document.addEventListener("click", (event) => {
  const card = event.target.closest("a[data-player]");
  if (!card || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  const player = document.createElement("iframe");
  const { player: address } = card.dataset;
  player.src = `${address}${address.includes("?") ? "&" : "?"}autoplay=1`;
  player.title = card.textContent;
  player.allow = "autoplay; fullscreen; picture-in-picture";
  card.replaceWith(player);
  player.focus();
});
