// Requests in several languages: tabs instead of one below the other. The chosen language holds for every page.

const LANGUAGE = "reupload.docs.language";

/** Makes tabs of each `.samples` in `within`. */
export function offerSamples(within: ParentNode = document): void {
  for (const group of within.querySelectorAll<HTMLElement>(".samples")) offer(group);
}

function offer(group: HTMLElement): void {
  const panels = [...group.querySelectorAll<HTMLElement>(":scope > [data-sample]")];
  if (panels.length < 2) return;
  if (group.querySelector(":scope > [role=tablist]")) return;
  const list = document.createElement("div");
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", "Language");
  const tabs = panels.map((panel, place) => {
    const name = panel.dataset.sample ?? "";
    const tab = document.createElement("button");
    tab.type = "button";
    tab.textContent = name;
    tab.setAttribute("role", "tab");
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-label", name);
    tab.addEventListener("click", () => choose(name, true));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const next = tabs[(place + step + tabs.length) % tabs.length];
      next?.focus();
      next?.click();
    });
    return tab;
  });
  const choose = (name: string, remember = false) => {
    const known = panels.some((panel) => panel.dataset.sample === name) ? name : panels[0]?.dataset.sample;
    for (const [place, panel] of panels.entries()) {
      const chosen = panel.dataset.sample === known;
      panel.hidden = !chosen;
      tabs[place]?.setAttribute("aria-selected", String(chosen));
      tabs[place]?.setAttribute("tabindex", chosen ? "0" : "-1");
    }
    if (remember) keep(name);
  };
  list.append(...tabs);
  group.prepend(list);
  choose(kept());
}

function kept(): string {
  try {
    return localStorage.getItem(LANGUAGE) ?? "";
  } catch {
    return "";
  }
}

function keep(name: string): void {
  try {
    localStorage.setItem(LANGUAGE, name);
  } catch {
    // Storage can be forbidden: the choice holds until the page is left.
  }
}
