import type { Upload } from "@/api/wire";
import { failureWords } from "@/files/failureWords";
import type { Tone } from "@/ui";

/** Where an upload stands, in a word and a sentence; the panel of its history says more. */
export function uploadWords({ status, failureReason }: Pick<Upload, "status" | "failureReason">): {
  tone: Tone;
  word: string;
  text: string;
  isRunning: boolean;
} {
  switch (status) {
    case "PENDING":
      return { tone: "grey", word: "Waiting", text: "No bytes have arrived yet.", isRunning: true };
    case "UPLOADING":
      return { tone: "blue", word: "Running", text: "Bytes are arriving or being checked.", isRunning: true };
    case "COMPLETED":
      return { tone: "green", word: "Done", text: "The file is there.", isRunning: false };
    case "CANCELLED":
      return { tone: "grey", word: "Cancelled", text: "It was given up.", isRunning: false };
    case "FAILED":
      return { tone: "red", word: "Failed", text: failureWords(failureReason).title, isRunning: false };
  }
}
