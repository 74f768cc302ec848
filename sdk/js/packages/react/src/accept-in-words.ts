const groups: Record<string, string> = {
  image: "images",
  video: "videos",
  audio: "audio",
  text: "text files",
  font: "fonts",
};

const types: Record<string, string> = {
  "image/svg+xml": "SVG",
  "text/plain": "TXT",
  "text/markdown": "Markdown",
  "audio/mpeg": "MP3",
  "image/x-icon": "ICO",
  "application/msword": "DOC",
  "application/vnd.ms-excel": "XLS",
  "application/vnd.ms-powerpoint": "PPT",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PPTX",
};

function word(part: string): string {
  if (part.startsWith(".")) return part.slice(1).toUpperCase();
  const [group = "", subtype = ""] = part.toLowerCase().split("/");
  if (subtype === "*") return groups[group] ?? part;
  return types[part.toLowerCase()] ?? subtype.replace(/^x-/, "").toUpperCase();
}

/** `image/*, .pdf` as a person says it: `images and PDF`. `joint` stands before the last one. */
export function acceptInWords(accept: string, joint: "and" | "or"): string {
  const words = accept.split(",").map((part) => part.trim());
  const known = [...new Set(words.filter((part) => part !== "" && part !== "*/*").map(word))];
  const last = known.pop();
  if (last === undefined) return "";
  return known.length === 0 ? last : `${known.join(", ")} ${joint} ${last}`;
}
