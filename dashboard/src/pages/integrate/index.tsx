import { NotBuilt } from "@/shell/NotBuilt";

export default function IntegratePage() {
  return <NotBuilt title="Integrate" />;
}
