/** Gives each block of code in `within` a button that copies it. */
export function addCopyButtons(within: ParentNode): void {
  for (const figure of within.querySelectorAll<HTMLElement>("figure.code:not(:has(.copy))")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      const code = figure.querySelector("code")?.textContent ?? "";
      // The clipboard is for secure pages and loopback alone, and can be refused.
      const done = await navigator.clipboard?.writeText(code).then(
        () => true,
        () => false,
      );
      button.textContent = done ? "Copied" : "Select it and press Ctrl+C";
      setTimeout(() => {
        button.textContent = "Copy";
      }, 2000);
    });
    figure.append(button);
  }
}
