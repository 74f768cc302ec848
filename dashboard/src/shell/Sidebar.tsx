import { Search } from "lucide-react";
import { NavLink } from "react-router";
import { AccountMenu } from "./AccountMenu";
import { LiveDot } from "./LiveDot";
import { groups } from "./navigation";
import styles from "./Sidebar.module.css";
import { ProjectSwitcher, WorkspaceSwitcher } from "./switchers";
import { useDevInbox } from "./useDevInbox";
import type { useShell } from "./useShell";
import { useSignedIn } from "./workspace";

const IS_APPLE = /Mac|iPhone|iPad/.test(navigator.userAgent);

export function Sidebar({ state, onSearch }: { state: ReturnType<typeof useShell>; onSearch: () => void }) {
  const me = useSignedIn();
  const { workspace, projectId } = state;
  const hasInbox = useDevInbox();
  return (
    <aside className={styles.sidebar} aria-label="Sidebar">
      <div className={styles.top}>
        <WorkspaceSwitcher workspace={workspace} />
        <button type="button" className={styles.search} onClick={onSearch} aria-keyshortcuts="Control+K Meta+K">
          <Search size={15} aria-hidden />
          <span>Go to</span>
          <kbd>{IS_APPLE ? "⌘K" : "Ctrl K"}</kbd>
        </button>
      </div>
      <nav className={styles.nav} aria-label="Main">
        {groups(me, workspace, projectId, hasInbox).map((group) => (
          <div key={group.title ?? "top"} className={styles.group}>
            {group.ofProject ? (
              <ProjectSwitcher state={state} />
            ) : (
              group.title && <h2 className={styles.heading}>{group.title}</h2>
            )}
            <ul>
              {group.places.map(({ to, label, icon: Icon, end }) => (
                <li key={to}>
                  <NavLink to={to} end={end} className={styles.place}>
                    <Icon size={16} strokeWidth={1.75} aria-hidden />
                    {label}
                  </NavLink>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <div className={styles.bottom}>
        <AccountMenu />
        {workspace && <LiveDot workspace={workspace.id} />}
      </div>
    </aside>
  );
}
