/** Gives the focus to the page's heading, where what had it goes away: else it would be nowhere, and Tab would begin at the top. */
export const focusHeading = (): void => document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });

/** After a form was sent in vain: the focus goes to the first field that is wrong, which may be out of sight. */
export const focusFault = (form: HTMLElement): void => {
  // Once the faults are drawn.
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid] input')?.focus());
};
