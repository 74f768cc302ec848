/** A remembered choice of this browser, such as the theme. Storage may be forbidden: then nothing is remembered. */
export const remembered = {
  get(key: string): string | null {
    try {
      return localStorage.getItem(`reupload.${key}`);
    } catch {
      return null;
    }
  },
  set(key: string, value: string | null): void {
    try {
      if (value === null) localStorage.removeItem(`reupload.${key}`);
      else localStorage.setItem(`reupload.${key}`, value);
    } catch {
      // Nothing to do: the choice holds until the page is left.
    }
  },
};
