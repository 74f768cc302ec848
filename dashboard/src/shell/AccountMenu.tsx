import { BookOpen, LogOut, Monitor, Moon, Sun, UserRound } from "lucide-react";
import { useSignOut } from "@/api/account";
import { errorText } from "@/api/error";
import { Avatar, Menu, MenuHeading, MenuItem, MenuLine, MenuLink, useToast } from "@/ui";
import styles from "./AccountMenu.module.css";
import { setTheme, type Theme, useTheme } from "./theme";
import { useSignedIn } from "./workspace";

const THEMES = [
  { theme: "system", label: "As the system", icon: Monitor },
  { theme: "light", label: "Light", icon: Sun },
  { theme: "dark", label: "Dark", icon: Moon },
] as const satisfies readonly { theme: Theme; label: string; icon: unknown }[];

export function AccountMenu() {
  const { user } = useSignedIn();
  const theme = useTheme();
  const signOut = useSignOut();
  const toast = useToast();
  return (
    <Menu
      label="Account"
      placement="bottom-start"
      trigger={(props) => (
        <button type="button" {...props} className={styles.account}>
          <Avatar name={user.name || user.email} size={24} />
          <span className={styles.name}>{user.name || user.email}</span>
        </button>
      )}
    >
      <MenuHeading>{user.email}</MenuHeading>
      <MenuLink to="/account" icon={UserRound}>
        Your account
      </MenuLink>
      <MenuLink to="/docs" external icon={BookOpen}>
        API reference
      </MenuLink>
      <MenuLine />
      <MenuHeading>Appearance</MenuHeading>
      {THEMES.map((each) => (
        <MenuItem
          key={each.theme}
          icon={each.icon}
          checked={each.theme === theme}
          onSelect={() => setTheme(each.theme)}
        >
          {each.label}
        </MenuItem>
      ))}
      <MenuLine />
      <MenuItem
        icon={LogOut}
        onSelect={() => signOut.mutate(undefined, { onError: (error) => toast(errorText(error), { tone: "error" }) })}
      >
        Sign out
      </MenuItem>
    </Menu>
  );
}
