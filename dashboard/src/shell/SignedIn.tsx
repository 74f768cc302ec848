import { lazy, Suspense } from "react";
import { matchPath, Navigate, Outlet, useLocation } from "react-router";
import { useMe } from "@/api/account";
import { ErrorState, Page } from "@/ui";
import { Loading } from "./Loading";
import { INBOX } from "./useDevInbox";
import { MeContext } from "./workspace";

const InboxAlone = lazy(() => import("./InboxAlone").then((module) => ({ default: module.InboxAlone })));

/** The guard of everything that needs a session: others go to the sign-in page and come back, or see the inbox alone. */
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
  if (!me.data && matchPath(INBOX, pathname)) {
    return (
      <Suspense fallback={<Loading />}>
        <InboxAlone />
      </Suspense>
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
