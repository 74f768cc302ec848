import { Navigate } from "react-router";
import { remembered } from "@/lib/storage";
import { useSignedIn } from "@/shell/workspace";

/** `/`: the workspace visited last, else the first; with none, the account page says so. */
export default function HomePage() {
  const { workspaces } = useSignedIn();
  const last = remembered.get("workspace");
  const workspace = workspaces.find(({ id }) => id === last) ?? workspaces[0];
  return <Navigate to={workspace ? `/w/${workspace.id}` : "/account"} replace />;
}
