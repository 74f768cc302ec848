import {
  Activity,
  Blocks,
  ChartColumn,
  CodeXml,
  Files,
  Inbox,
  KeyRound,
  LayoutDashboard,
  LogIn,
  type LucideIcon,
  ScrollText,
  Server,
  Settings,
  SlidersHorizontal,
  Users,
  Webhook,
} from "lucide-react";
import type { Me } from "@/api/account";
import { INBOX } from "./useDevInbox";
import type { Workspace } from "./workspace";

export type Place = {
  to: string;
  label: string;
  icon: LucideIcon /** Only this very address is the place. */;
  end?: boolean;
};
export type Group = {
  title?: string /** The project switcher stands at its head. */;
  ofProject?: boolean;
  places: Place[];
};

/** Everything the sidebar and the command menu lead to; `hasInbox` on the machine of `reupload dev`. */
export function groups(me: Me, workspace: Workspace | null, project: string | undefined, hasInbox: boolean): Group[] {
  return [...(workspace ? ofWorkspace(workspace, project) : []), ...(me.isOperator ? [ofServer(hasInbox)] : [])];
}

function ofWorkspace(workspace: Workspace, project: string | undefined): Group[] {
  const w = `/w/${workspace.id}`;
  const p = `${w}/p/${project}`;
  return [
    {
      places: [
        { to: w, label: "Overview", icon: LayoutDashboard, end: true },
        { to: `${w}/projects`, label: "Projects", icon: Blocks },
      ],
    },
    ...(project
      ? [
          {
            title: "Project",
            ofProject: true,
            places: [
              { to: `${p}/files`, label: "Files", icon: Files },
              { to: `${p}/uploads`, label: "Uploads", icon: Activity },
              { to: `${p}/webhooks`, label: "Webhooks", icon: Webhook },
              { to: `${p}/integrate`, label: "Integrate", icon: CodeXml },
              { to: `${p}/settings`, label: "Project settings", icon: SlidersHorizontal },
            ],
          },
        ]
      : []),
    {
      title: "Workspace",
      places: [
        { to: `${w}/keys`, label: "API keys", icon: KeyRound },
        { to: `${w}/usage`, label: "Usage", icon: ChartColumn },
        { to: `${w}/members`, label: "Members", icon: Users },
        ...(workspace.can("admin") ? [{ to: `${w}/audit`, label: "Audit log", icon: ScrollText }] : []),
        { to: `${w}/settings`, label: "Settings", icon: Settings },
      ],
    },
  ];
}

const ofServer = (hasInbox: boolean): Group => ({
  title: "Server",
  places: [
    { to: "/system", label: "System", icon: Server },
    { to: "/sign-ins", label: "Sign-ins", icon: LogIn },
    ...(hasInbox ? [{ to: INBOX, label: "Webhook inbox", icon: Inbox }] : []),
  ],
});
