/** A page with one uploader, for a browser: `?theme` and `?around` (a style) are set around it. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { FileUploader } from "../../src/index.js";
import css from "../../src/styles/index.css?inline";

export function mount() {
  const query = new URLSearchParams(location.search);
  const style = document.createElement("style");
  style.textContent = css;
  document.head.append(style);
  document.body.setAttribute("style", query.get("around") ?? "");
  const root = document.createElement("main");
  const theme = query.get("theme");
  if (theme) root.dataset.reuploadTheme = theme;
  document.body.append(root);
  createRoot(root).render(
    <StrictMode>
      <FileUploader apiUrl={query.get("api") ?? "/some/app"} accept=".pdf, .txt" pollOptions={{ intervalMs: 20 }} />
    </StrictMode>,
  );
}
