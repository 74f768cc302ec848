/** The server's bounds (`domain/account.rs`), asked before it is asked. */
export const PASSWORD_HINT = "At least 10 characters.";

/** What is wrong with a new password, or undefined. */
export const passwordFault = (password: string): string | undefined =>
  [...password].length < 10 ? "Use at least 10 characters." : undefined;

/** What is wrong with an e-mail address, or undefined. */
export const emailFault = (email: string): string | undefined =>
  /^[^\s@]+@[^\s@]+$/.test(email.trim()) ? undefined : "Write an address such as ada@example.com.";

/** What is wrong with a name, or undefined. */
export const nameFault = (name: string): string | undefined => (name.trim() ? undefined : "Write a name.");
