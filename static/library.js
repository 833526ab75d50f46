// A picture or file that the blog has already: found in a dialog, put into the text or made the cover.
import { insertBlock } from "./edit.js";
import { offersAt, suggest } from "./suggest.js";

/** Makes the dialog of the library; `fromDevice` sends something new instead. Gives back what opens it for the text. */
export function library(area, cover, fromDevice) {
  const dialog = document.getElementById("library"), field = dialog.querySelector("input");
  const device = dialog.querySelector("[data-device]"), forCover = document.querySelector("[data-choose-cover]");
  let put, shelf;
  const { look } = suggest(field, dialog.querySelector("[role=listbox]"), {
    sought: () => field.value.trim(),
    ask: (text, signal) => offersAt(`/admin/media/offers?show=${shelf}`, text, signal),
    take(chosen) {
      dialog.close();
      put(chosen);
    },
  });
  const open = (then, isForText) => {
    [put, shelf] = [then, isForText ? "all" : "pictures"];
    field.value = "";
    device.hidden = !isForText;
    dialog.showModal();
    field.focus();
    look();
  };
  // A field of the form's, whose Enter would send it.
  field.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  device.addEventListener("click", () => {
    dialog.close();
    fromDevice();
  });
  forCover.hidden = false;
  forCover.previousElementSibling.hidden = true;
  forCover.addEventListener("click", () =>
    open(({ address, alt }) => {
      const words = cover.form.elements["cover-alt"];
      cover.value = address;
      if (!words.value) words.value = alt;
      for (const one of [words, cover]) one.dispatchEvent(new InputEvent("input", { bubbles: true }));
      cover.focus();
    }),
  );
  return () => open(({ markdown }) => insertBlock(area, markdown, markdown.length, markdown.length), true);
}
