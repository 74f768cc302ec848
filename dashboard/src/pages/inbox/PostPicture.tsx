import { useState } from "react";
import type { Picture } from "./entryWords";
import styles from "./Post.module.css";

/** The file itself, fetched as an app could: by the address in the event. */
export function PostPicture({ picture: { url, name, isPublic } }: { picture: Picture }) {
  const [gone, setGone] = useState(false);
  return (
    <figure className={styles.picture}>
      {!gone && <img src={url} alt={name} referrerPolicy="no-referrer" onError={() => setGone(true)} />}
      <figcaption>
        {gone
          ? "The picture cannot be shown: it is damaged, or not there any more, or its signed address has expired."
          : isPublic
            ? "Public: shown by its permanent address."
            : "Private: shown by the signed address in the event."}
      </figcaption>
    </figure>
  );
}
