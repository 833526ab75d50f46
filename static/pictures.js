// Pictures and files that are dropped into the text, pasted or chosen: sent one after the other, and put behind the line that is written.
import { insertBlock } from "./edit.js";

/** `module` is the address of what sends files; `box` says in `words` how far that is. Gives back what opens the choice of files. */
export function pictures(area, box, module, words) {
  let before = Promise.resolve();

  const send = (files) => {
    const chosen = [...files];
    before = before.then(() => sendAll(chosen));
  };

  const sendAll = async (files) => {
    const kept = [], faults = [];
    box.hidden = false;
    for (const file of files) {
      const say = (part) => (box.textContent = `${words.sending} ${file.name} ${Math.round(part * 100)} %`);
      say(0);
      try {
        const { upload } = await import(module);
        kept.push((await upload(file, { onProgress: say, words })).markdown);
      } catch (error) {
        faults.push(`${error.name === "Error" ? error.message : words.lost} ${file.name}`);
      }
    }
    box.textContent = faults.join(" · ");
    box.hidden = !faults.length;
    if (kept.length) put(kept.join("\n\n"));
  };

  /** Whoever writes on meanwhile, here or in another field, goes on where they are. */
  const put = (markdown) => {
    const { selectionStart, selectionEnd } = area, other = document.activeElement;
    insertBlock(area, markdown, markdown.length, markdown.length);
    if (other === area) area.setSelectionRange(selectionStart, selectionEnd);
    else other?.focus({ preventScroll: true });
  };

  const hasFiles = (transfer) => transfer?.types.includes("Files");
  area.addEventListener("dragover", (event) => hasFiles(event.dataTransfer) && event.preventDefault());
  area.addEventListener("drop", (event) => {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    send(event.dataTransfer.files);
  });
  area.addEventListener("paste", (event) => {
    const { clipboardData: data } = event;
    // Word and Excel put a picture of the text beside the text.
    if (event.defaultPrevented || !data?.files.length || data.getData("text/plain").trim()) return;
    event.preventDefault();
    send(data.files);
  });
  return () => {
    const choice = document.createElement("input");
    [choice.type, choice.multiple] = ["file", true];
    choice.addEventListener("change", () => send(choice.files));
    choice.click();
  };
}
