import { createUploadStore, ReuploadClient } from "@reupload/client";

const client = new ReuploadClient({ apiUrl: "/api/reupload" });
const store = createUploadStore({
  client,
  validation: { maxBytes: 1024 ** 3, accept: "image/*,video/*,.pdf,.txt,.zip" },
  onUploadComplete: () => showFiles(),
});

const choose = document.querySelector("#choose");
choose.addEventListener("change", () => {
  store.add(choose.files);
  choose.value = ""; // so that the same file can be chosen again
});

store.subscribe(() => {
  const rows = store.getSnapshot().items.map((item) => row(item));
  document.querySelector("#uploads").replaceChildren(...rows);
});

function row({ id, name, state, progress, error, canRetry }) {
  const line = document.createElement("li");
  line.append(name, " ", error ? error.message : state);
  if (state === "uploading") {
    const bar = Object.assign(document.createElement("progress"), {
      max: 100,
      value: progress?.percent ?? 0,
    });
    bar.setAttribute("aria-label", name);
    line.append(
      bar,
      button("Cancel", () => store.cancel(id)),
    );
  }
  if (canRetry) line.append(button("Retry", () => store.retry(id)));
  return line;
}

function button(label, onclick) {
  return Object.assign(document.createElement("button"), {
    type: "button",
    textContent: label,
    onclick,
  });
}

/** The files that the webhook has told of; it may be a moment behind the upload. */
async function showFiles(tries = 20) {
  const { files } = await (await fetch("/api/files")).json();
  const rows = files.map(({ fileId, name }) =>
    button(name, () => client.openFileInNewTab(fileId)),
  );
  document.querySelector("#files").replaceChildren(...rows.map((link) => wrap(link)));
  const finished = store.getSnapshot().items.filter(({ state }) => state === "completed");
  const missing = finished.some(
    (item) => !files.some(({ fileId }) => fileId === item.fileId),
  );
  if (missing && tries > 0) setTimeout(() => showFiles(tries - 1), 500);
}

function wrap(child) {
  const line = document.createElement("li");
  line.append(child);
  return line;
}

await showFiles();
