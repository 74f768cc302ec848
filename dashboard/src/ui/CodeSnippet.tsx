import { useState } from "react";
import styles from "./CodeSnippet.module.css";
import { CopyButton } from "./CopyButton";
import { Json, setOut } from "./Json";
import { Segmented } from "./Segmented";

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

export type Sample = { id: string; label: string; title?: string; code: string };

/** The same thing in several languages, one at a time. */
export function CodeSamples({ label, samples }: { label: string; samples: readonly Sample[] }) {
  const [chosen, setChosen] = useState(samples[0]?.id ?? "");
  const sample = samples.find((each) => each.id === chosen) ?? samples[0];
  if (!sample) return null;
  return (
    <div className={styles.samples}>
      <Segmented
        label={label}
        options={samples.map((each) => ({ value: each.id, label: each.label }))}
        value={sample.id}
        onChange={setChosen}
      />
      <CodeSnippet title={sample.title ?? sample.label} code={sample.code} />
    </div>
  );
}
