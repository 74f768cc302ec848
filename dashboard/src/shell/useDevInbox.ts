import { useSystem } from "@/api/system";
import { useSignedIn } from "./workspace";

/** The address of the webhook inbox, for operators of `reupload dev`, which alone has it. */
export function useDevInbox(): string | undefined {
  const { isOperator } = useSignedIn();
  return useSystem(isOperator).data?.dev ? "/dev/webhooks" : undefined;
}
