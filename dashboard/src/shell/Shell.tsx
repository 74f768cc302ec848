import { Menu as MenuIcon } from "lucide-react";
import { useState } from "react";
import { Outlet, ScrollRestoration, useParams } from "react-router";
import { useMediaQuery } from "@/lib/useMediaQuery";
import { IconButton } from "@/ui";
import { CommandMenu } from "./CommandMenu";
import { Drawer } from "./Drawer";
import { NotFound } from "./NotFound";
import styles from "./Shell.module.css";
import { Sidebar } from "./Sidebar";
import { useShell } from "./useShell";
import { WorkspaceContext } from "./workspace";

/** The frame around every signed-in page: the sidebar, or below 900px a bar on top with a drawer. */
export function Shell() {
  const state = useShell();
  const inProject = useParams().project !== undefined;
  const narrow = useMediaQuery("(max-width: 900px)");
  const [drawer, setDrawer] = useState(false);
  const [search, setSearch] = useState(false);
  const sidebar = (
    <Sidebar
      state={state}
      onSearch={() => {
        setDrawer(false);
        setSearch(true);
      }}
    />
  );

  return (
    <WorkspaceContext value={state.workspace}>
      <a href="#content" className={styles.skip}>
        Skip to content
      </a>
      <div className={styles.shell}>
        {narrow ? (
          <header className={styles.bar}>
            <IconButton icon={MenuIcon} label="Open navigation" onClick={() => setDrawer(true)} />
            <img src="/icon.svg" alt="" width={22} height={22} />
            <p className={styles.where}>
              <span>{state.workspace?.name ?? "Reupload"}</span>
              {inProject && state.project && <span>{state.project.name}</span>}
            </p>
          </header>
        ) : (
          <div className={styles.side}>{sidebar}</div>
        )}
        <main id="content" tabIndex={-1} className={styles.main}>
          {state.unknown ? <NotFound what={state.unknown} /> : <Outlet />}
        </main>
      </div>
      {narrow && (
        <Drawer open={drawer} onClose={() => setDrawer(false)}>
          {sidebar}
        </Drawer>
      )}
      {/* Forward a page begins at its top, back it is where it was. */}
      <ScrollRestoration />
      <CommandMenu state={state} open={search} onOpen={setSearch} />
    </WorkspaceContext>
  );
}
