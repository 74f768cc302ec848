import { NotBuilt } from "@/shell/NotBuilt";

export default function SetupPage() {
  return <NotBuilt title="setup" />;
}
