import { NotBuilt } from "@/shell/NotBuilt";

export default function OverviewPage() {
  return <NotBuilt title="Overview" />;
}
