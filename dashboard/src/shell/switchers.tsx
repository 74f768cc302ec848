import { ChevronsUpDown, Plus } from "lucide-react";
import { useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { Avatar, Menu, MenuHeading, MenuItem, MenuLine, MenuLink } from "@/ui";
import { NewWorkspace } from "./NewWorkspace";
import styles from "./switchers.module.css";
import type { useShell } from "./useShell";
import { useSignedIn, type Workspace } from "./workspace";

export function WorkspaceSwitcher({ workspace }: { workspace: Workspace | null }) {
  const me = useSignedIn();
  const navigate = useNavigate();
  const [making, setMaking] = useState(false);
  return (
    <>
      <Menu
        label="Workspaces"
        placement="bottom-start"
        trigger={(props) => (
          <button type="button" {...props} className={styles.workspace}>
            <Avatar name={workspace?.name ?? "Reupload"} square size={24} />
            <span className={styles.name}>{workspace?.name ?? "No workspace"}</span>
            <ChevronsUpDown size={14} aria-hidden />
          </button>
        )}
      >
        <MenuHeading>Workspaces</MenuHeading>
        {me.workspaces.map(({ id, name }) => (
          <MenuItem key={id} checked={id === workspace?.id} onSelect={() => navigate(`/w/${id}`)}>
            {name}
          </MenuItem>
        ))}
        {me.isOperator && (
          <>
            <MenuLine />
            <MenuItem icon={Plus} onSelect={() => setMaking(true)}>
              New workspace
            </MenuItem>
          </>
        )}
      </Menu>
      <NewWorkspace open={making} onClose={() => setMaking(false)} />
    </>
  );
}

/** Keeps to the same page of the other project. */
export function ProjectSwitcher({ state }: { state: ReturnType<typeof useShell> }) {
  const { workspace, projects = [], project, projectId } = state;
  const navigate = useNavigate();
  const { pathname } = useLocation();
  if (!workspace) return null;
  const page = /\/p\/[^/]+\/([^/]+)/.exec(pathname)?.[1] ?? "files";
  return (
    <Menu
      label="Projects"
      placement="bottom-start"
      trigger={(props) => (
        <button type="button" {...props} className={styles.project}>
          <span className="unseen">Project </span>
          <span className={styles.name}>{project?.name}</span>
          <ChevronsUpDown size={13} aria-hidden />
        </button>
      )}
    >
      <MenuHeading>Projects</MenuHeading>
      {projects.map(({ id, name }) => (
        <MenuItem key={id} checked={id === projectId} onSelect={() => navigate(`/w/${workspace.id}/p/${id}/${page}`)}>
          {name}
        </MenuItem>
      ))}
      {workspace.can("admin") && (
        <>
          <MenuLine />
          <MenuLink to={`/w/${workspace.id}/projects?new`} icon={Plus}>
            New project
          </MenuLink>
        </>
      )}
    </Menu>
  );
}
