/** The menu of narrow windows opens as a link's target. Here it also takes the focus, closes by Escape, and leaves no entries in the history. */
export function openMenuGently(): void {
  const menu = document.getElementById("menu");
  const opener = document.querySelector<HTMLAnchorElement>(".menu-open");
  const closer = menu?.querySelector<HTMLAnchorElement>(".menu-close");
  if (!menu || !opener || !closer) return;
  const isOpen = () => location.hash === "#menu";
  const close = () => {
    location.replace("#content");
    history.replaceState(null, "", location.pathname + location.search);
    opener.focus();
  };
  opener.addEventListener("click", (event) => {
    event.preventDefault();
    location.replace("#menu");
    closer.focus();
  });
  closer.addEventListener("click", (event) => {
    event.preventDefault();
    close();
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen()) close();
  });
  // The current page lies far down at times.
  menu.querySelector('[aria-current="page"]')?.scrollIntoView({ block: "nearest" });
}
