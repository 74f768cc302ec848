import styles from "./CodeSnippet.module.css";
import { CopyButton } from "./CopyButton";
import { Json, setOut } from "./Json";

type CodeSnippetProps = {
  /** What it is, such as a file's name or `Terminal`. */
  title?: string;
  code: string;
  /** It is JSON: set out in lines, and in color. */
  json?: boolean;
  /** Lines that do not fit are broken instead of scrolled. */
  wrap?: boolean;
};

export function CodeSnippet({ title, code, json, wrap }: CodeSnippetProps) {
  return (
    <figure className={styles.snippet}>
      <figcaption className={title ? styles.head : styles.bare}>
        <span>{title}</span>
        <CopyButton value={(json && setOut(code)) || code} label="Copy code" />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className={wrap ? styles.wrap : styles.scroll} tabIndex={0}>
        <code>{json ? <Json text={code} /> : code}</code>
      </pre>
    </figure>
  );
}
