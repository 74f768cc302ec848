import { FileRouteError, WebhookVerificationError } from "../errors.js";
import type { WebhookEvent } from "../types.js";
import { secretsOrEnv, type VerifyOptions, verifyWebhook } from "../webhooks.js";
import { errorAnswer, methodNotAllowed, readAll } from "./answers.js";
import type { Handler } from "./router.js";

/** Bytes; Reupload's own events are far smaller. */
const EVENT_LIMIT = 1024 * 1024;

export interface WebhookOptions<Native> extends VerifyOptions {
  /** The endpoint's `whsec_…`, or several during a rotation; `REUPLOAD_WEBHOOK_SECRET` (behind commas) if left out. */
  secret?: string | readonly string[] | undefined;
  /**
   * Called with verified events only. The same event may come more than once, with the same `id`. The answer is 204 when
   * it has resolved, and 500 when it has thrown, so that Reupload delivers the event again; it waits 15 seconds.
   */
  onEvent(event: WebhookEvent, request: Native): void | Promise<void>;
  /** Called with what `onEvent` has thrown; `console.error` if left out. */
  onError?(error: unknown, request: Native): void;
}

/** Receives webhooks: 400 `INVALID_SIGNATURE` for what Reupload has not sent. */
export function webhookReceiver<Native>(options: WebhookOptions<Native>): Handler<Native> {
  return async (request, native) => {
    if (request.method !== "POST") return methodNotAllowed("POST");
    try {
      const body = await readAll(request, EVENT_LIMIT);
      const event = await verifyWebhook(body, request.headers, secretsOrEnv(options.secret), options);
      await options.onEvent(event, native);
      return new Response(null, { status: 204 });
    } catch (error) {
      const told =
        error instanceof WebhookVerificationError ? new FileRouteError(400, "INVALID_SIGNATURE", error.message) : error;
      return errorAnswer(told, (unforeseen) => {
        if (options.onError) options.onError(unforeseen, native);
        else console.error("A webhook receiver of @reupload/sdk failed:", unforeseen);
      });
    }
  };
}
