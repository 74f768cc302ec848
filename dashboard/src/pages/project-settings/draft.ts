import type { Project, ProjectChange } from "@/api/projects";
import { typeHint } from "@/lib/mediaTypes";
import { originHint } from "@/lib/origins";
import { parseCount, parseSize, spellSize } from "@/lib/sizes";

/** The settings of a project as they are written in the form. An empty limit is none. */
export type Draft = {
  name: string;
  defaultPublic: boolean;
  uploadCorsOrigins: string[];
  allowedTypes: string[];
  typeMismatch: Project["typeMismatch"];
  stripMetadata: boolean;
  scan: Project["scan"];
  retentionDays: string;
} & Record<SizeName | CountName, string>;

const SIZES = ["maxFileSize", "maxBytes", "ownerMaxFileSize", "ownerMaxBytes"] as const;
const COUNTS = ["maxFiles", "ownerMaxFiles"] as const;
type SizeName = (typeof SIZES)[number];
type CountName = (typeof COUNTS)[number];

/** The server's longest retention: a hundred years. */
const MOST_DAYS = 36_500;

export type DraftErrors = Partial<Record<keyof Draft, string>>;

export function toDraft(project: Project): Draft {
  const size = (value: number | null) => (value === null ? "" : spellSize(value));
  const count = (value: number | null) => (value === null ? "" : String(value));
  return {
    name: project.name,
    defaultPublic: project.defaultPublic,
    uploadCorsOrigins: project.uploadCorsOrigins,
    allowedTypes: project.allowedTypes,
    typeMismatch: project.typeMismatch,
    stripMetadata: project.stripMetadata,
    scan: project.scan,
    retentionDays: count(project.retentionDays),
    maxFileSize: size(project.usage.maxFileSize),
    maxBytes: size(project.usage.maxBytes),
    ownerMaxFileSize: size(project.ownerMaxFileSize),
    ownerMaxBytes: size(project.ownerMaxBytes),
    maxFiles: count(project.usage.maxFiles),
    ownerMaxFiles: count(project.ownerMaxFiles),
  };
}

const isWrong = (list: readonly string[], hint: typeof originHint) =>
  list.some((entry, index) => hint(entry, list.slice(0, index))?.kind === "error");

/** What keeps the draft from being saved, by field. */
export function draftErrors(draft: Draft): DraftErrors {
  const errors: DraftErrors = {};
  if (draft.name.trim() === "") errors.name = "A project needs a name.";
  if (isWrong(draft.uploadCorsOrigins, originHint)) errors.uploadCorsOrigins = "One of the origins is not right.";
  if (isWrong(draft.allowedTypes, typeHint)) errors.allowedTypes = "One of the types is not right.";
  for (const name of SIZES) {
    const text = draft[name].trim();
    if (text && !parseSize(text)) errors[name] = "Write a size such as 500 MB or 2 GiB, or nothing for no limit.";
  }
  for (const name of COUNTS) {
    const text = draft[name].trim();
    if (text && parseCount(text) === null) errors[name] = "Write a whole number, or nothing for no limit.";
  }
  const days = draft.retentionDays.trim();
  if (days && (parseCount(days) ?? MOST_DAYS + 1) > MOST_DAYS) {
    errors.retentionDays = "Write 1 to 36,500 days, or nothing to keep files.";
  }
  return errors;
}

const listed = (list: readonly string[]) => list.map((entry) => entry.trim()).filter(Boolean);
const limit = (text: string, read: (text: string) => number | null) => (text.trim() ? (read(text) ?? 0) : 0);

/** Whole settings as the server takes them: 0 for no limit. */
function toSettings(draft: Draft): Required<ProjectChange> {
  const sizes = Object.fromEntries(SIZES.map((name) => [name, limit(draft[name], parseSize)]));
  const counts = Object.fromEntries(COUNTS.map((name) => [name, limit(draft[name], parseCount)]));
  return {
    name: draft.name.trim(),
    defaultPublic: draft.defaultPublic,
    uploadCorsOrigins: listed(draft.uploadCorsOrigins),
    allowedTypes: listed(draft.allowedTypes).map((type) => type.toLowerCase()),
    typeMismatch: draft.typeMismatch,
    stripMetadata: draft.stripMetadata,
    scan: draft.scan,
    retentionDays: limit(draft.retentionDays, parseCount),
    ...(sizes as Record<SizeName, number>),
    ...(counts as Record<CountName, number>),
  };
}

/** Only what the draft changes, so that two people who change different things do not undo each other. */
export function toChange(draft: Draft, project: Project): ProjectChange {
  const before = toSettings(toDraft(project));
  const after = toSettings(draft);
  const changed = (Object.keys(after) as (keyof ProjectChange)[]).filter(
    (name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]),
  );
  return Object.fromEntries(changed.map((name) => [name, after[name]]));
}
