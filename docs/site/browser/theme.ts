const system = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;

const listeners = new Set<(isDark: boolean) => void>();

const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);

/** Tells `listener` now and at every change whether the page is dark. */
export function followTheme(listener: (isDark: boolean) => void): void {
  listeners.add(listener);
  listener(isDark());
}

/** The switch in the header. A choice equal to the system's is no choice: then the page follows the system again. */
export function offerTheme(): void {
  const button = document.querySelector<HTMLButtonElement>("button.theme");
  if (!button) return;
  followTheme((dark) => button.setAttribute("aria-pressed", String(dark)));
  const show = () => {
    for (const listener of listeners) listener(isDark());
  };
  button.addEventListener("click", () => {
    const wanted = isDark() ? "light" : "dark";
    const follows = (wanted === "dark") === system.matches;
    if (follows) delete root.dataset.theme;
    else root.dataset.theme = wanted;
    remember(follows ? null : wanted);
    show();
  });
  system.addEventListener("change", show);
  button.hidden = false;
}

function remember(theme: string | null): void {
  try {
    if (theme) localStorage.setItem("reupload.theme", theme);
    else localStorage.removeItem("reupload.theme");
  } catch {
    // Storage can be forbidden: the choice holds until the page is left.
  }
}
