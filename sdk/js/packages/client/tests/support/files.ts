/** That many bytes, which differ from place to place. */
export function bytesOf(size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, at) => (at * 7 + size) % 256);
}

/** A file of those bytes. */
export function fileOf(size: number, name = "report.pdf", type = "application/pdf"): File {
  return new File([bytesOf(size)], name, { type });
}

/** Waits until something holds; tells what did not. */
export async function until(condition: () => boolean, what = String(condition), ms = 5_000): Promise<void> {
  const end = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
