import { NotBuilt } from "@/shell/NotBuilt";

export default function WorkspaceSettingsPage() {
  return <NotBuilt title="workspace-settings" />;
}
