import { NotBuilt } from "@/shell/NotBuilt";

export default function AuditPage() {
  return <NotBuilt title="audit" />;
}
