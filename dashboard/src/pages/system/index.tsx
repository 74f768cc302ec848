import { NotBuilt } from "@/shell/NotBuilt";

export default function SystemPage() {
  return <NotBuilt title="System" />;
}
