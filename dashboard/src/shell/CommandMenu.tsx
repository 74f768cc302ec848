import { Blocks, CornerDownLeft, UserRound } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";
import styles from "./CommandMenu.module.css";
import { groups, type Place } from "./navigation";
import { useDevInbox } from "./useDevInbox";
import type { useShell } from "./useShell";
import { useSignedIn } from "./workspace";

type CommandMenuProps = { state: ReturnType<typeof useShell>; open: boolean; onOpen: (open: boolean) => void };

/** Ctrl+K or Cmd+K: every page and project by a few letters of its name. */
export function CommandMenu({ state, open, onOpen }: CommandMenuProps) {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey)
        return;
      event.preventDefault();
      // Not over another dialog, whose work would be left behind.
      if (!document.querySelector("dialog[open]")) onOpen(true);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [onOpen]);
  return open ? <Opened state={state} onClose={() => onOpen(false)} /> : null;
}

function usePlaces({ workspace, project, projects = [] }: CommandMenuProps["state"]): Place[] {
  const me = useSignedIn();
  const hasInbox = useDevInbox();
  return useMemo(
    () => [
      ...groups(me, workspace, project?.id, hasInbox).flatMap((group) => group.places),
      ...(workspace
        ? projects
            .filter(({ id }) => id !== project?.id)
            .map(({ id, name }) => ({
              to: `/w/${workspace.id}/p/${id}/files`,
              label: `Files of ${name}`,
              icon: Blocks,
            }))
        : []),
      { to: "/account", label: "Your account", icon: UserRound },
    ],
    [me, workspace, project, projects, hasInbox],
  );
}

function Opened({ state, onClose }: { state: CommandMenuProps["state"]; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const navigate = useNavigate();
  const id = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = usePlaces(state).filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)));

  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen entry comes into sight when it changes
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [at]);

  const go = (place?: Place) => {
    if (!place) return;
    onClose();
    navigate(place.to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length > 0) {
      event.preventDefault();
      setAt((at + step + found.length) % found.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      go(found[at]);
    }
  };

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc does the same, by the close event
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-label="Go to"
      onClose={(event) => !event.currentTarget.open && onClose()}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <input
        className={styles.input}
        placeholder="Go to a page or project"
        aria-label="Go to a page or project"
        role="combobox"
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={found[at] ? `${id}-${at}` : undefined}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div ref={list} id={`${id}-list`} role="listbox" aria-label="Places" className={styles.list}>
        {found.map((place, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the input
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input has the keys
          <div
            key={place.to}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            className={styles.option}
            onPointerMove={() => setAt(index)}
            onClick={() => go(place)}
          >
            <place.icon size={16} strokeWidth={1.75} aria-hidden />
            <span>{place.label}</span>
            <CornerDownLeft size={14} aria-hidden className={styles.enter} />
          </div>
        ))}
      </div>
      {found.length === 0 && (
        <p className={styles.none} role="status">
          No page or project has this name.
        </p>
      )}
    </dialog>
  );
}
