import { lazy, Suspense } from "react";
import { ButtonLink } from "@/ui";
import styles from "./InboxAlone.module.css";

const InboxPage = lazy(() => import("@/pages/inbox"));

/** The inbox of `reupload dev` for who is not signed in: the server lets in whoever is on its machine. */
export const InboxAlone = () => (
  <>
    <header className={styles.bar}>
      <img src="/icon.svg" alt="" width={24} height={24} />
      <span className={styles.name}>Reupload</span>
      <ButtonLink to="/sign-in" size="small">
        Sign in
      </ButtonLink>
    </header>
    <main id="content" tabIndex={-1}>
      <Suspense fallback={null}>
        <InboxPage />
      </Suspense>
    </main>
  </>
);
