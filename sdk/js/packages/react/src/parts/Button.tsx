import type { ButtonHTMLAttributes, ReactNode } from "react";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look: "primary" | "secondary" | "plain";
  readonly icon?: ReactNode;
  /** The button that the focus goes to when nothing nearer is left. */
  readonly main?: boolean;
}

export function Button({ look, icon, main, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={`reupload-button reupload-${look}`}
      data-reupload-main={main || undefined}
      {...rest}
    >
      {icon}
      <span>{children}</span>
    </button>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly label: string;
}

/** A button that shows an icon only; `label` is its name and its tooltip. */
export function IconButton({ label, ...rest }: IconButtonProps) {
  return <button type="button" className="reupload-icon-button" aria-label={label} title={label} {...rest} />;
}
