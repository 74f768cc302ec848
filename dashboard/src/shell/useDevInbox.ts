import { useQuery } from "@tanstack/react-query";
import { useSignedIn } from "./workspace";

/** The page of the webhook inbox. */
export const INBOX = "/dev/webhooks";
/** Only `reupload dev` has it, and it answers only to its own machine: elsewhere nobody is asked. */
const isThisMachine = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(location.hostname);

/** Whether this server has a webhook inbox, and shows it to this browser. */
export function useDevInbox(): boolean {
  const { isOperator } = useSignedIn();
  const { data } = useQuery({
    queryKey: ["dev-inbox"],
    queryFn: ({ signal }) => fetch(`${INBOX}/entries`, { method: "HEAD", signal }).then(({ ok }) => ok),
    enabled: isOperator && isThisMachine,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return data ?? false;
}
