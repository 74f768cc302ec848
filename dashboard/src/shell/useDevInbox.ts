import { useQuery } from "@tanstack/react-query";
import { useSignedIn } from "./workspace";

const INBOX = "/dev/webhooks";
/** Only `reupload dev` has it, and it answers only to its own machine: elsewhere nobody is asked. */
const isThisMachine = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(location.hostname);

/** The address of the webhook inbox, if this server has one. */
export function useDevInbox(): string | undefined {
  const { isOperator } = useSignedIn();
  const { data } = useQuery({
    queryKey: ["dev-inbox"],
    queryFn: ({ signal }) => fetch(INBOX, { method: "HEAD", signal }).then(({ ok }) => ok),
    enabled: isOperator && isThisMachine,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return data ? INBOX : undefined;
}
