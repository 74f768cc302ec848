import { memory } from "@/lib/memory";
import { visitor } from "@/lib/visitor";

/** The visitor's files that the webhook has told of, newest first. */
export async function GET(): Promise<Response> {
  const name = await visitor();
  const files = [...memory.ready.values()].filter((file) => memory.owners.get(file.fileId) === name);
  return Response.json({ files: files.reverse().map(({ fileId, name, mimeType, sizeBytes }) => ({ fileId, name, mimeType, sizeBytes })) });
}
