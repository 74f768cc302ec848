// What is found, and in which order.

import MiniSearch, { type Query, type SearchOptions, type SearchResult } from "minisearch";
import { OPTIONS, wordOf } from "../shared/words.js";

export type Section = { address: string; title: string; heading: string; text: string; area: string };

/** The index as machine/search.mjs wrote it. */
export const readIndex = (json: string): Promise<MiniSearch<Section>> =>
  MiniSearch.loadJSONAsync<Section>(json, OPTIONS);

const RULES: SearchOptions = {
  boost: { title: 4, heading: 3 },
  prefix: true,
  fuzzy: (word) => (word.length > 3 ? 0.15 : false),
  boostDocument: (address, word, section) => weight(String(address), word, section as Partial<Section>),
};

/**
 * What is written for users goes before what is written for contributors, a guide before the small print, a page's beginning before its parts. A
 * word is not enough to ask for an error whose code has it: who asks for a quota does not ask for QUOTA_EXCEEDED.
 */
function weight(address: string, word: string, { area, heading = "" }: Partial<Section> = {}): number {
  if (area === "Project") return 0.4;
  if (SMALL_PRINT.some((start) => address.startsWith(start))) return 0.5;
  if (/#[A-Z_]+$/.test(address)) return heading.toLowerCase().includes(word) ? 0.4 : 1;
  return heading ? 1 : 1.6;
}
const SMALL_PRINT = ["reference/choices", "reference/command-line", "reference/configuration", "sdk/"].map(
  (name) => `/docs/${name}`,
);

/** Words that people search by, and those that the pages have. */
const OTHER_WORDS: Record<string, string[]> = {
  antivirus: ["malware", "scanning"],
  clamav: ["clamd"],
  container: ["docker"],
  deploy: ["install"],
  expire: ["expires", "expiresIn", "until"],
  expiry: ["expires", "expiresIn", "until"],
  forgot: ["lost"],
  healthcheck: ["healthz", "readyz"],
  image: ["picture", "thumbnail"],
  invite: ["invitation"],
  link: ["address"],
  login: ["signing"],
  monitoring: ["metrics"],
  nextjs: ["next"],
  pagination: ["page", "cursor"],
  photo: ["picture"],
  presigned: ["signed", "session"],
  quota: ["limit"],
  resize: ["thumbnail"],
  resumable: ["resuming"],
  resume: ["resumable", "resuming"],
  ssl: ["tls", "https"],
  throttle: ["rate"],
  url: ["address", "uploadUrl"],
  virus: ["malware", "scanning"],
};
const ALSO = new Map(Object.entries(OTHER_WORDS).map(([word, others]) => [wordOf(word), others]));
/** Words of a question that say nothing of what is asked. */
const EMPTY = new Set(
  "a an and are can do does for from how i in is it my of on or the to what when where with".split(" "),
);

/** Sections that have all of the words, the best first, and behind them those that have some. */
export function find(index: MiniSearch<Section>, words: string): SearchResult[] {
  const all = words.split(/\s+/).filter(Boolean);
  const telling = all.filter((word) => !EMPTY.has(word.toLowerCase()));
  const queries: Query[] = (telling.length ? telling : all).map((word) => {
    const others = ALSO.get(wordOf(word));
    return others ? { combineWith: "OR", queries: [word, { queries: others, boostTerm: () => 0.7 }] } : word;
  });
  const found = index.search({ combineWith: "AND", queries }, RULES);
  const known = new Set(found.map(({ id }) => id));
  const more = index.search({ combineWith: "OR", queries }, RULES);
  return [...found, ...more.filter(({ id }) => !known.has(id))];
}
