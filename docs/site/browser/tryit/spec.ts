/** What the build says of an operation; machine/api/tryit.mjs writes it. */
export type Spec = {
  operation: string;
  method: string;
  path: string;
  needsKey: boolean;
  isCdn: boolean;
  body?: "json" | "form" | "file";
  fields: Field[];
  next?: { address: string; title: string };
  isDangerous: boolean;
};

export type Field = {
  name: string;
  /** `url` is the whole address. */
  place: "path" | "query" | "header" | "body" | "url";
  kind: "text" | "integer" | "flag" | "json" | "list";
  required: boolean;
  values?: string[];
  words?: string;
};

/** What stands in the fields, by name; absent is empty. */
export type Values = Record<string, string>;
