import * as calls from "./calls.js";
import type { Sender } from "./client.js";
import { Paged } from "./pages.js";
import type { CallOptions, EventPage, ListEventsQuery, WebhookEvent } from "./types.js";

/** `client.events`: what webhooks tell, for catching up. */
export class EventsResource {
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** The events behind `after`, the id of the last one that you know; from the first one on without it. */
  list(query: ListEventsQuery = {}, options?: CallOptions): Paged<WebhookEvent, EventPage> {
    return new Paged(
      (cursor) =>
        this.#sender.send(calls.listEvents(cursor === undefined ? query : { ...query, after: cursor }), options),
      (page) => page.events,
      // The last page has a cursor too, to go on from later.
      (page) => (page.events.length > 0 ? page.nextCursor : null),
    );
  }

  /** The next events behind `after`, as soon as there is one; none when `waitSeconds` (30) are over. */
  async wait(query: ListEventsQuery & { waitSeconds?: number }, options?: CallOptions): Promise<EventPage> {
    const { waitSeconds = 30, ...rest } = query;
    return this.#sender.send(calls.listEvents(rest, waitSeconds), options);
  }
}
