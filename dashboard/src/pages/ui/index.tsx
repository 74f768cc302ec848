import { NotBuilt } from "@/shell/NotBuilt";

export default function UiPage() {
  return <NotBuilt title="ui" />;
}
