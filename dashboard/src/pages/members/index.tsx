import { NotBuilt } from "@/shell/NotBuilt";

export default function MembersPage() {
  return <NotBuilt title="members" />;
}
