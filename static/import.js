// While an import is under way its page shows how far it is, and is loaded anew when it is over.
const EVERY = 1000;
const shown = document.querySelector("[data-how-far]");
const stand = document.querySelector("#stand");

async function look() {
  try {
    const answer = await fetch(location.pathname);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-how-far]");
    // Over, or the session is: either way there is something to see.
    if (answer.ok && !now) return location.replace(location.pathname);
    if (now) {
      shown.replaceChildren(...now.childNodes);
      stand.textContent = page.querySelector("#stand").textContent;
    }
  } catch {
    // It is asked again.
  }
  setTimeout(look, EVERY);
}

if (shown) setTimeout(look, EVERY);
