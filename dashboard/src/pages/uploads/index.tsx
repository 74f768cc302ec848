import { NotBuilt } from "@/shell/NotBuilt";

export default function UploadsPage() {
  return <NotBuilt title="Uploads" />;
}
