// Sends pictures and files with progress. The editor imports `upload`; on the page of the library the form does it by itself.
// An element with `data-drop` tells by a `files` event what was dropped on it or pasted into it.

/**
 * Sends one file. Gives what the server made of it: { id, name, address, markdown, width, height, alt }.
 * `words`: what to say where the server says nothing: { lost, signedOut, cancelled }.
 */
export function upload(file, { onProgress, signal, words = {} } = {}) {
  return new Promise((resolve, reject) => {
    const fail = (word) => reject(new Error(word || "The file was not kept."));
    if (signal?.aborted) return fail(words.cancelled);
    const request = new XMLHttpRequest();
    request.open("POST", "/admin/media");
    request.setRequestHeader("accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress?.(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      // A session that has ended answers with the door.
      if (!request.getResponseHeader("content-type")?.startsWith("application/json")) {
        return fail(new URL(request.responseURL).pathname === "/admin/sign-in" ? words.signedOut : words.lost);
      }
      const [kept] = JSON.parse(request.responseText).files;
      if (!kept || kept.error) return fail(kept?.error);
      resolve(kept);
    });
    request.addEventListener("error", () => fail(words.lost));
    request.addEventListener("abort", () => fail(words.cancelled));
    signal?.addEventListener("abort", () => request.abort());
    const form = new FormData();
    form.append("file", file, file.name || "pasted");
    request.send(form);
  });
}

const hasFiles = (transfer) => [...(transfer?.types ?? [])].includes("Files");

function tell(element, event, transfer) {
  if (!hasFiles(transfer) || !transfer.files.length) return;
  event.preventDefault();
  element.dispatchEvent(new CustomEvent("files", { detail: { files: [...transfer.files] }, bubbles: true }));
}

for (const element of document.querySelectorAll("[data-drop]")) {
  element.addEventListener("dragover", (event) => {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    element.classList.add("dropping");
  });
  for (const end of ["dragleave", "drop"]) element.addEventListener(end, () => element.classList.remove("dropping"));
  element.addEventListener("drop", (event) => tell(element, event, event.dataTransfer));
  // What is pasted where nothing has the keyboard is meant for the one place that takes files.
  const pasted = element.matches("form") ? document : element;
  pasted.addEventListener("paste", (event) => tell(element, event, event.clipboardData));
}

/** A line for a file under way: its name, how far it is, a button that stops it. */
function line(list, file, words) {
  const item = document.createElement("li");
  const name = document.createElement("bdi");
  name.textContent = file.name;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  const state = document.createElement("span");
  state.textContent = words.waiting;
  const stop = document.createElement("button");
  stop.type = "button";
  stop.className = "quiet plain";
  stop.textContent = words.cancel;
  stop.setAttribute("aria-label", `${words.cancel}: ${file.name}`);
  bar.setAttribute("aria-label", file.name);
  item.append(name, " ", bar, " ", state, " ", stop);
  list.append(item);
  return { item, bar, state, stop };
}

/** Shows a file in line; what it gives back sends it. */
function sendOne(list, file, words) {
  const { item, bar, state, stop } = line(list, file, words);
  const controller = new AbortController();
  stop.addEventListener("click", () => controller.abort());
  return async () => {
    state.textContent = words.sending;
    try {
      const kept = await upload(file, { onProgress: (part) => { bar.value = part; }, signal: controller.signal, words });
      const link = document.createElement("a");
      link.href = `/admin/media/${kept.id}`;
      link.textContent = kept.name;
      item.replaceChildren(link);
      return true;
    } catch (error) {
      bar.remove();
      stop.remove();
      item.classList.add("field-error");
      state.textContent = error.message;
      return false;
    }
  };
}

const form = document.querySelector("form[data-upload]");
if (form) {
  const list = form.querySelector("[data-list]");
  const chosen = form.querySelector("input[type=file]");
  const words = form.dataset;
  let before = Promise.resolve();

  const send = (files) => {
    const going = files.map((file) => sendOne(list, file, words));
    // One after the other: the server looks at one picture at a time anyway.
    before = before.then(async () => {
      let all = true;
      for (const go of going) all = (await go()) && all;
      if (all) location.assign("/admin/media?done=added");
    });
  };
  form.addEventListener("files", (event) => send(event.detail.files));
  form.addEventListener("submit", (event) => {
    if (!chosen.files.length) return;
    event.preventDefault();
    send([...chosen.files]);
    chosen.value = "";
  });
}
