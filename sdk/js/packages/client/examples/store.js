import { createUploadStore, ReuploadClient } from "@reupload/client";

const input = document.querySelector("#file");
const output = document.querySelector("#output");

const store = createUploadStore({
  client: new ReuploadClient({ apiUrl: "/api/reupload" }),
  validation: { maxBytes: 50 * 1024 ** 2, accept: "image/*,.pdf" },
  onUploadComplete: ({ fileId }, item) => console.log(`${item.name} is stored as ${fileId}`),
});

store.subscribe(() => {
  const { items, totals } = store.getSnapshot();
  const lines = items.map(({ name, state, error }) => `${name}: ${error?.message ?? state}`);
  output.textContent = [`${totals.finished} of ${totals.files}`, ...lines].join("\n");
});

input.addEventListener("change", () => {
  store.add(input.files);
  input.value = ""; // so that the same file can be chosen again
});

window.addEventListener("beforeunload", (event) => {
  if (store.getSnapshot().isUploading) event.preventDefault(); // the browser asks whether to leave
});
window.addEventListener("pagehide", () => store.destroy());
