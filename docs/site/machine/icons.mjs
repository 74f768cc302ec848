// The few icons, drawn with lines of 24 by 24. They are for the eye alone: words beside them say the same.

import { raw } from "./html.mjs";

const draw = (lines) =>
  raw(`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${lines}</svg>`);

export const icons = {
  search: draw('<circle cx="11" cy="11" r="7"/><path d="m20 20-4-4"/>'),
  menu: draw('<path d="M4 7h16M4 12h16M4 17h16"/>'),
  close: draw('<path d="m6 6 12 12M18 6 6 18"/>'),
  sun: draw(
    '<circle cx="12" cy="12" r="4"/><path d="M12 3v2m0 14v2M3 12h2m14 0h2M5.6 5.6 7 7m10 10 1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4"/>',
  ),
  moon: draw('<path d="M20 14.5A8 8 0 1 1 9.5 4a6.5 6.5 0 0 0 10.5 10.5z"/>'),
  left: draw('<path d="m14 6-6 6 6 6"/>'),
  right: draw('<path d="m10 6 6 6-6 6"/>'),
  pen: draw('<path d="M5 19l1-4L16 5l3 3L9 18z"/>'),
  text: draw('<path d="M6 4h8l4 4v12H6zM9 12h6m-6 4h6"/>'),
};
