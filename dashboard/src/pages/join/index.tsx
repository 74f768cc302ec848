import { NotBuilt } from "@/shell/NotBuilt";

export default function JoinPage() {
  return <NotBuilt title="join" />;
}
