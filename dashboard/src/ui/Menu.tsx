import type { LucideIcon } from "lucide-react";
import { type ReactElement, type ReactNode, type Ref, useId, useRef } from "react";
import { Link } from "react-router";
import { cx } from "@/lib/cx";
import styles from "./Menu.module.css";
import { type Placement, usePopover } from "./usePopover";

type TriggerProps = {
  ref: Ref<HTMLButtonElement>;
  "aria-haspopup": "menu";
  "aria-expanded": boolean;
  "aria-controls": string;
  onClick: () => void;
  onKeyDown: (event: React.KeyboardEvent) => void;
};

type MenuProps = {
  /** The menu's name for screen readers. */
  label: string;
  /** Renders the button that opens it; the props belong onto that button. */
  trigger: (props: TriggerProps) => ReactElement;
  placement?: Placement;
  /** `MenuItem`, `MenuLink`, `MenuHeading` and `MenuLine`. */
  children: ReactNode;
};

/** A menu by the ARIA pattern: arrows, Home, End and letters move, Enter chooses, Esc and Tab close. */
export function Menu({ label, trigger, placement = "bottom-end", children }: MenuProps) {
  const { anchor, float, open, show, hide } = usePopover(placement);
  const id = useId();
  const typed = useRef({ text: "", at: 0 });
  // A press on the trigger closes the open menu by light dismiss before the click arrives; it must not open it again.
  const openAtPress = useRef(false);

  const items = () => [...(float.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]:not([disabled])') ?? [])];
  const openAt = (position: "first" | "last") => {
    show();
    const all = items();
    (position === "first" ? all[0] : all.at(-1))?.focus();
  };
  const close = () => {
    hide();
    anchor.current?.focus();
  };

  const move = (event: React.KeyboardEvent) => {
    const all = items();
    const index = all.indexOf(document.activeElement as HTMLElement);
    const go = (element?: HTMLElement) => {
      event.preventDefault();
      element?.focus();
    };
    if (event.key === "ArrowDown") return go(all[(index + 1) % all.length]);
    if (event.key === "ArrowUp") return go(all.at(index <= 0 ? -1 : index - 1));
    if (event.key === "Home") return go(all[0]);
    if (event.key === "End") return go(all.at(-1));
    if (event.key === "Tab") return close();
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      return close();
    }
    if (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey) {
      const fresh = event.timeStamp - typed.current.at > 700;
      typed.current = { text: (fresh ? "" : typed.current.text) + event.key.toLowerCase(), at: event.timeStamp };
      const from = fresh ? index + 1 : Math.max(index, 0);
      const turned = [...all.slice(from), ...all.slice(0, from)];
      go(turned.find((item) => item.textContent?.trim().toLowerCase().startsWith(typed.current.text)));
    }
  };

  return (
    <>
      <span
        className={styles.anchor}
        onPointerDownCapture={() => {
          openAtPress.current = open;
        }}
      >
        {trigger({
          ref: anchor as Ref<HTMLButtonElement>,
          "aria-haspopup": "menu",
          "aria-expanded": open,
          "aria-controls": id,
          onClick: () => {
            if (openAtPress.current) openAtPress.current = false;
            else openAt("first");
          },
          onKeyDown: (event) => {
            if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
            event.preventDefault();
            openAt(event.key === "ArrowDown" ? "first" : "last");
          },
        })}
      </span>
      <div
        ref={float}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        tabIndex={-1}
        className={styles.menu}
        onKeyDown={move}
        onClick={(event) => {
          if ((event.target as Element).closest('[role^="menuitem"]')) close();
        }}
      >
        {children}
      </div>
    </>
  );
}

type ItemLook = { icon?: LucideIcon; children: ReactNode; danger?: boolean; checked?: boolean };

function Inside({ icon: Icon, children, checked }: ItemLook) {
  return (
    <>
      {Icon && <Icon size={16} aria-hidden />}
      <span className={styles.text}>{children}</span>
      {checked && <span className={styles.check} aria-hidden />}
    </>
  );
}

/** Something to do, or with `checked` one of a set to choose from. */
export function MenuItem({ onSelect, disabled, ...look }: ItemLook & { onSelect: () => void; disabled?: boolean }) {
  const state =
    look.checked === undefined ? { role: "menuitem" } : { role: "menuitemradio", "aria-checked": look.checked };
  return (
    <button
      type="button"
      {...state}
      tabIndex={-1}
      disabled={disabled}
      className={cx(styles.item, look.danger && styles.danger)}
      onClick={onSelect}
    >
      <Inside {...look} />
    </button>
  );
}

/** A place to go to; `external` opens a document of the server outside this application. */
export function MenuLink({ to, external, ...look }: ItemLook & { to: string; external?: boolean }) {
  const props = { role: "menuitem", tabIndex: -1, className: styles.item };
  return external ? (
    <a {...props} href={to} target="_blank" rel="noreferrer">
      <Inside {...look} />
    </a>
  ) : (
    <Link {...props} to={to}>
      <Inside {...look} />
    </Link>
  );
}

export const MenuHeading = ({ children }: { children: ReactNode }) => (
  <div className={styles.heading} role="presentation">
    {children}
  </div>
);

export const MenuLine = () => <hr className={styles.line} />;
