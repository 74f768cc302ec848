// A page of another origin that takes files in by every element and call that can. To add one: a line in `elements`.
//
// Left out on purpose: a video with `crossorigin`. Where the project's list lets the page's origin read files, Chromium plays an HLS playlist of
// whatever type, and fetches what it lists. Without the attribute it refuses.

const escaped = (url) => url.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

const elements = (url) => `
  <iframe src="${url}"></iframe> <object data="${url}"></object> <embed type="image/svg+xml" src="${url}">
  <img src="${url}"> <input type=image src="${url}"> <svg><use href="${url}#x"/><image href="${url}"/></svg>
  <p style="background:url('${url}');mask:url('${url}#m')">x</p>
  <script src="${url}"></script> <script type=module src="${url}"></script> <link rel=modulepreload href="${url}">
  <link rel=stylesheet href="${url}"> <link rel=preload as=script href="${url}"> <link rel=icon href="${url}"> <link rel=manifest href="${url}">
  <video src="${url}"></video>`;

const calls = (url) => `
  new Worker(URL.createObjectURL(new Blob([\`importScripts("${url}")\`]))).onerror = (event) => event.preventDefault();
  import("${url}").catch(() => {});`;

/** The page. A message that one of the files sends it, an address, it calls, so that the beacon hears of it. */
export const hostPage = (urls) => `<!DOCTYPE html><title>host</title>
  <script>onmessage = ({ data }) => String(data).startsWith("http") && fetch(data, { mode: "no-cors" });</script>
  ${urls.map((url) => `${elements(escaped(url))}<script>${calls(url)}</script>`).join("")}`;
