// The interactive OpenAPI UI of /docs/api: swagger-ui-dist, from this server, on this server's own document.

import { followTheme } from "./theme";

type Bundle = (options: Record<string, unknown>) => void;
type Component = (properties: { specSelectors: { specStr(): string; loadingStatus(): string } }) => unknown;
type System = {
  // biome-ignore lint/suspicious/noExplicitAny: swagger-ui's own React, of which it has no types
  React: { createElement(type: any, properties?: object | null, ...children: unknown[]): unknown };
  getComponent(name: string, isContainer: boolean): unknown;
};

const place = document.getElementById("openapi");
const bundle = document.querySelector<HTMLMetaElement>('meta[name="swagger-ui"]')?.content;

/** The servers, the key and the operations: without the second `main` and the description, which the page around it has. */
const layout = ({ React, getComponent }: System): { components: Record<string, Component> } => {
  const element = React.createElement;
  const part = (name: string) => element(getComponent(name, true));
  const Plain: Component = ({ specSelectors }) => {
    if (specSelectors.loadingStatus() === "failed") return element("p", null, "/openapi.json could not be loaded.");
    if (!specSelectors.specStr()) return element("p", null, "Loading…");
    const access = element("div", { className: "access" }, part("ServersContainer"), part("AuthorizeBtnContainer"));
    return element("div", { className: "swagger-ui" }, access, part("operations"));
  };
  return { components: { Plain } };
};

if (place && bundle) {
  const script = document.createElement("script");
  script.src = bundle;
  script.addEventListener("load", () => {
    (globalThis as unknown as { SwaggerUIBundle: Bundle }).SwaggerUIBundle({
      domNode: place,
      url: "/openapi.json",
      plugins: [layout],
      layout: "Plain",
      // Its badge would show the document to another host.
      validatorUrl: null,
      // With it each row's button would hold a link.
      deepLinking: false,
      // Its colors are for a dark ground only.
      syntaxHighlight: false,
      docExpansion: "list",
      tryItOutEnabled: true,
    });
  });
  document.head.append(script);
  new MutationObserver(() => name(place)).observe(place, { childList: true, subtree: true });
  followTheme((isDark) => document.documentElement.classList.toggle("dark-mode", isDark));
}

/** Gives names to what swagger-ui leaves without, and takes a wrong one away. */
function name(within: HTMLElement): void {
  for (const [selector, words] of NAMES) {
    for (const found of within.querySelectorAll(`${selector}:not([aria-label])`))
      found.setAttribute("aria-label", words);
  }
  within.querySelector("#auth-bearer-value")?.setAttribute("aria-label", "Value: the key");
  for (const button of within.querySelectorAll(".auth-btn-wrapper .authorize[aria-label]"))
    button.removeAttribute("aria-label");
}

const NAMES = [
  ["#servers", "Server"],
  [".close-modal", "Close"],
  ["select", "Value"],
  [".parameters input", "Value"],
  ["textarea", "Body"],
] as const;
