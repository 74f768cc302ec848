import { NotBuilt } from "@/shell/NotBuilt";

export default function ProjectsPage() {
  return <NotBuilt title="Projects" />;
}
