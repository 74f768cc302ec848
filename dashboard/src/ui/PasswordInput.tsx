import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { IconButton } from "./IconButton";
import { Input } from "./Input";
import styles from "./PasswordInput.module.css";

/** A password that can be looked at while it is written. */
export function PasswordInput(props: Omit<ComponentProps<typeof Input>, "type" | "icon">) {
  const [shown, setShown] = useState(false);
  return (
    <span className={styles.around}>
      <Input {...props} type={shown ? "text" : "password"} spellCheck={false} autoCapitalize="none" maxLength={200} />
      <IconButton
        icon={shown ? EyeOff : Eye}
        label={shown ? "Hide password" : "Show password"}
        size="small"
        onClick={() => setShown(!shown)}
      />
    </span>
  );
}
