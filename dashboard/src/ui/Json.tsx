import { Fragment, type ReactNode } from "react";
import styles from "./Json.module.css";

/** A string with the colon of a name, another value, or what lies between. */
const PARTS = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*|true|false|null)|[^"\d\-tfn]+|./gs;

/** JSON with its parts in color; anything else as it came. */
export function Json({ text }: { text: string }) {
  const pretty = setOut(text);
  if (pretty === undefined) return text;
  return [...pretty.matchAll(PARTS)].map((match) => <Fragment key={match.index}>{colored(match)}</Fragment>);
}

function colored([all, string, colon, other]: RegExpMatchArray): ReactNode {
  if (other) return <span className={styles.other}>{other}</span>;
  if (!string) return all;
  return (
    <>
      <span className={colon ? styles.name : styles.string}>{string}</span>
      {colon}
    </>
  );
}

/** A string, a bracket or comma or colon, or another value. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s"[\]{},:]+/gs;

/**
 * JSON in lines; undefined if it is none. Only the space between its tokens changes: written anew, a long number would come
 * out as another one.
 */
export function setOut(text: string): string | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  const tokens = text.match(TOKENS) ?? [];
  let depth = 0;
  let out = "";
  for (const [index, token] of tokens.entries()) {
    const opens = token === "{" || token === "[";
    const closes = token === "}" || token === "]";
    if (closes) depth -= 1;
    const before = tokens[index - 1];
    const isEmpty = closes && (before === "{" || before === "[");
    const begins = closes ? !isEmpty : before === "," || before === "{" || before === "[";
    if (begins) out += `\n${"  ".repeat(depth)}`;
    out += token === ":" ? ": " : token;
    if (opens) depth += 1;
  }
  return out;
}
