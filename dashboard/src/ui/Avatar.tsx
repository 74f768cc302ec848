import styles from "./Avatar.module.css";

/** The first letters of a name, for people and workspaces; its color comes from the name. */
export function Avatar({ name, square, size = 28 }: { name: string; square?: boolean; size?: 20 | 24 | 28 | 40 }) {
  const words = name
    .trim()
    .split(/[\s@._-]+/)
    .filter(Boolean);
  const letters = (words.length > 1 ? [words[0], words.at(-1)] : [words[0]])
    .map((word) => [...(word ?? "?")][0])
    .join("");
  const hue = [...name].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 6, 0);
  return (
    <span
      className={styles.avatar}
      data-hue={hue}
      data-square={square || undefined}
      style={{ width: size, height: size, fontSize: Math.max(10, Math.round(size * 0.4)) }}
      aria-hidden
    >
      {letters.toUpperCase()}
    </span>
  );
}
