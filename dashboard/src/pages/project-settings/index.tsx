import { NotBuilt } from "@/shell/NotBuilt";

export default function ProjectSettingsPage() {
  return <NotBuilt title="Project settings" />;
}
