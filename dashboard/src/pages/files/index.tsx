import { NotBuilt } from "@/shell/NotBuilt";

export default function FilesPage() {
  return <NotBuilt title="Files" />;
}
