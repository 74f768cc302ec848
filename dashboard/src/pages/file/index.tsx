import { NotBuilt } from "@/shell/NotBuilt";

export default function FilePage() {
  return <NotBuilt title="File" />;
}
