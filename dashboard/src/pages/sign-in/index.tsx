import { NotBuilt } from "@/shell/NotBuilt";

export default function SignInPage() {
  return <NotBuilt title="sign-in" />;
}
