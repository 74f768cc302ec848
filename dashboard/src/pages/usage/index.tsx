import { NotBuilt } from "@/shell/NotBuilt";

export default function UsagePage() {
  return <NotBuilt title="Usage" />;
}
