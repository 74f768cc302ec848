import styles from "./Loading.module.css";

/** The first moment, before it is known who is signed in. Shows only what takes longer than a blink. */
export const Loading = () => (
  <div className={styles.loading} role="status">
    <img src="/icon.svg" alt="" width={40} height={40} />
    <span className="unseen">Loading</span>
  </div>
);
