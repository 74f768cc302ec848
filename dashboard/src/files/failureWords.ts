import type { FailureReason } from "@/api/wire";

type Words = {
  /** What happened, in a few words. */
  title: string;
  /** What to do now. */
  todo: string;
  /** Whether the same file may work another time. */
  mayWork: boolean;
};

const WORDS: Record<FailureReason, Words> = {
  MALWARE_DETECTED: {
    title: "Malware found",
    todo: "The file was not published, and nobody can fetch it. Check the computer that it came from.",
    mayWork: false,
  },
  NOT_SCANNABLE: {
    title: "The scanner could not look inside",
    todo: "Encrypted or damaged archives cannot be checked, so they are not published. Send the content without a password, or unpacked.",
    mayWork: false,
  },
  SCAN_UNAVAILABLE: {
    title: "The malware scanner did not answer",
    todo: "Upload the file again. If it goes on, the operator of the server must look at the scanner.",
    mayWork: true,
  },
  CONTENT_TYPE_NOT_ALLOWED: {
    title: "This type is not allowed",
    todo: "Choose a file of an allowed type, or allow this one in the project's settings.",
    mayWork: false,
  },
  SIZE_MISMATCH: {
    title: "Not the size that was declared",
    todo: "More or fewer bytes came than the app had announced, so the file may be cut off. Upload it again.",
    mayWork: true,
  },
  QUOTA_EXCEEDED: {
    title: "No room left",
    todo: "Delete files that are not needed, or raise the limit in the settings. Then upload the file again.",
    mayWork: true,
  },
  EXPIRED: {
    title: "It took too long",
    todo: "The bytes did not arrive, or the app never said that they were complete, before the upload's time was over. Upload the file again.",
    mayWork: true,
  },
  STORAGE_ERROR: {
    title: "The server could not keep the file",
    todo: "Upload it again. If it goes on, the operator must look at the server's storage and its log.",
    mayWork: true,
  },
};

/** Why an upload failed and what to do. A reason that is unknown, of a newer server, is said as it is. */
export const failureWords = (reason: string | null | undefined): Words =>
  WORDS[reason as FailureReason] ?? {
    title: reason || "Unknown reason",
    todo: "Upload the file again.",
    mayWork: true,
  };
