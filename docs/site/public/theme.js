// Before the first paint, so that a chosen theme never flashes the other one. The dashboard remembers it under the same name.
try {
  const theme = localStorage.getItem("reupload.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage can be forbidden: the system's theme stands.
}
