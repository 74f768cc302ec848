import { ownError } from "./errors.js";

/**
 * Opens a tab at once and shows what `findUrl` finds. A browser allows a tab only while a click is handled, which is over when an
 * answer has come. With `noopener` there would be no handle to set the address by, so the tie is cut by hand.
 */
export async function openTab(findUrl: () => Promise<string>): Promise<void> {
  const tab = window.open("", "_blank");
  if (!tab) throw ownError("POPUP_BLOCKED", "The browser did not allow a new tab.");
  tab.opener = null;
  try {
    const url = new URL(await findUrl(), window.location.href);
    // The tab is still of this page's origin: a `javascript:` address would run in it.
    if (url.protocol !== "https:" && url.protocol !== "http:") {
      throw ownError("INVALID_RESPONSE", "The address of the file cannot be used.");
    }
    tab.location.replace(url.href);
  } catch (error) {
    tab.close();
    throw error;
  }
}
