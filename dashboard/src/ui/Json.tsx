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

/** JSON in lines; undefined if it is none. */
export function setOut(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return undefined;
  }
}
