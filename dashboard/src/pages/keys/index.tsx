import { NotBuilt } from "@/shell/NotBuilt";

export default function KeysPage() {
  return <NotBuilt title="API keys" />;
}
