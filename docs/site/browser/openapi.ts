// The interactive OpenAPI UI of /docs/api: swagger-ui-dist, from this server, on this server's own document.

import { followTheme } from "./theme";

type Bundle = (options: Record<string, unknown>) => void;

const place = document.getElementById("openapi");
const bundle = document.querySelector<HTMLMetaElement>('meta[name="swagger-ui"]')?.content;

if (place && bundle) {
  const script = document.createElement("script");
  script.src = bundle;
  script.addEventListener("load", () => {
    (globalThis as unknown as { SwaggerUIBundle: Bundle }).SwaggerUIBundle({
      domNode: place,
      url: "/openapi.json",
      // Its badge would show the document to another host.
      validatorUrl: null,
      deepLinking: true,
      docExpansion: "list",
      defaultModelsExpandDepth: -1,
      tryItOutEnabled: true,
    });
  });
  document.head.append(script);
  followTheme((isDark) => document.documentElement.classList.toggle("dark-mode", isDark));
}
