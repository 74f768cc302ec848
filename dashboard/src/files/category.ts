import { File, FileArchive, FileCode, FileText, Film, Image, type LucideIcon, Music } from "lucide-react";
import type { Category } from "@/api/wire";

export const CATEGORY_WORDS: Record<Category, { one: string; many: string; icon: LucideIcon }> = {
  image: { one: "Image", many: "Images", icon: Image },
  video: { one: "Video", many: "Videos", icon: Film },
  audio: { one: "Audio", many: "Audio", icon: Music },
  document: { one: "Document", many: "Documents", icon: FileText },
  archive: { one: "Archive", many: "Archives", icon: FileArchive },
  code: { one: "Code", many: "Code", icon: FileCode },
  other: { one: "Other", many: "Other", icon: File },
};
