import { FileRouteError } from "@reupload/sdk";
import { cookies } from "next/headers";

/** Who asks, in this example: the browser's own cookie. */
export async function visitor(): Promise<string> {
  const name = (await cookies()).get("visitor")?.value;
  if (!name) throw new FileRouteError(401, "UNAUTHORIZED", "Open the page first: it gives you a name.");
  return name;
}
