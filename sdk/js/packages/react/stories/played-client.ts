import {
  ReuploadClient,
  ReuploadClientError,
  type UploadFileOptions,
  type UploadResult,
  type UploadStatusResult,
} from "@reupload/client";

/** How a file fares: to a percent and no further, until the server's check, to the end, slowly to the end, or into an error. */
export type Play =
  | number
  | "checking"
  | "done"
  | "live"
  | { readonly code: string; readonly message: string; readonly failureReason?: string };

const never = (signal?: AbortSignal) =>
  new Promise<never>((_, reject) =>
    signal?.addEventListener("abort", () => reject(new DOMException("Aborted", "AbortError"))),
  );

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A client without a network, that shows the states of the components. Only for these pages. */
export class PlayedClient extends ReuploadClient {
  readonly #plays: (file: File) => Play;
  readonly #sent = new Map<string, Play>();

  constructor(plays: (file: File) => Play) {
    super({ apiUrl: "/played" });
    this.#plays = plays;
  }

  override async uploadFile(file: Blob, { onProgress, signal }: UploadFileOptions = {}): Promise<UploadResult> {
    const play = this.#plays(file as File);
    const say = (percent: number) =>
      onProgress?.({ percent, loaded: Math.round((file.size * percent) / 100), total: file.size, phase: "cdn" });
    if (typeof play === "number") {
      say(play);
      return never(signal);
    }
    if (typeof play === "object") {
      say(62);
      throw new ReuploadClientError({ status: 0, phase: "cdn", ...play });
    }
    if (play === "live") {
      for (let percent = 0; percent < 100 && !signal?.aborted; percent += 4) {
        say(percent);
        await wait(120);
      }
    }
    say(100);
    const uploadId = crypto.randomUUID();
    this.#sent.set(uploadId, play);
    return { uploadId, fileId: crypto.randomUUID(), status: "processing" };
  }

  override async pollUploadStatus(
    uploadId: string,
    options: { signal?: AbortSignal } = {},
  ): Promise<UploadStatusResult> {
    const play = this.#sent.get(uploadId);
    if (play === "checking") return never(options.signal);
    if (play === "live") await wait(900);
    return { status: "COMPLETED", fileId: uploadId };
  }

  override async cancelUpload(): Promise<void> {}
}
