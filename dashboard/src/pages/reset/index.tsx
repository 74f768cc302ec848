import { NotBuilt } from "@/shell/NotBuilt";

export default function ResetPage() {
  return <NotBuilt title="reset" />;
}
