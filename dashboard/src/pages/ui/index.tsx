import { Page } from "@/ui";
import { Basics } from "./Basics";
import { Floating } from "./Floating";
import { Lists } from "./Lists";
import styles from "./ui.module.css";

/** Development only: each component in its states. `npm run look -- ui` takes its pictures. */
export default function UiPage() {
  return (
    <main>
      <Page title="Components" description="Each component in its states, to be judged by eye in both themes.">
        <div className={styles.page}>
          <Basics />
          <Floating />
          <Lists />
        </div>
      </Page>
    </main>
  );
}
