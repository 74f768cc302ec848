import type { components } from "./schema";

/** The objects of the dashboard's API, as the server's own document describes them. */
export type Schemas = components["schemas"];
