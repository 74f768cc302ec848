import { Navigate, Outlet, useLocation } from "react-router";
import { useMe } from "@/api/account";
import { ErrorState, Page } from "@/ui";
import { Loading } from "./Loading";
import { MeContext } from "./workspace";

/** The guard of everything that needs a session: others go to the sign-in page and come back. */
export function SignedIn() {
  const me = useMe();
  const { pathname, search } = useLocation();
  if (me.isPending) return <Loading />;
  if (me.isError) {
    return (
      <main>
        <Page title="Reupload">
          <ErrorState error={me.error} onRetry={() => me.refetch()} />
        </Page>
      </main>
    );
  }
  if (!me.data) {
    return <Navigate to="/sign-in" state={{ next: pathname + search }} replace />;
  }
  return (
    <MeContext value={me.data}>
      <Outlet />
    </MeContext>
  );
}
