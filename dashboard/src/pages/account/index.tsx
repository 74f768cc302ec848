import { NotBuilt } from "@/shell/NotBuilt";

export default function AccountPage() {
  return <NotBuilt title="account" />;
}
