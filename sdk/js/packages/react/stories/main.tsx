import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "../src/styles/index.css";
import "./page.css";
import { StoryPage } from "./StoryPage.js";
import { stories } from "./stories.js";

const query = new URLSearchParams(location.search);
const name = query.get("story");
const theme = query.get("theme");
if (theme) document.documentElement.dataset.reuploadTheme = theme;

function Index() {
  const names = Object.keys(stories);
  const groups = new Set(names.map((key) => key.split("-")[0] ?? ""));
  return (
    <nav className="index">
      <h1>Stories of @reupload/react</h1>
      {[...groups].map((group) => (
        <section key={group}>
          <h2>{group}</h2>
          {names
            .filter((key) => key.startsWith(`${group}-`))
            .map((key) => (
              <a key={key} href={`?story=${key}${theme ? `&theme=${theme}` : ""}`}>
                {key}
              </a>
            ))}
        </section>
      ))}
    </nav>
  );
}

const story = name === null ? undefined : stories[name];
const page = story ? <StoryPage story={story} /> : name ? <p>There is no story “{name}”.</p> : <Index />;
document.title = name ? `${name} · @reupload/react` : document.title;
const root = document.getElementById("root");
if (root) createRoot(root).render(<StrictMode>{page}</StrictMode>);
