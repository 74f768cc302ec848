// A wire between the browser and the CDN host that can be slow and can be cut, as a phone's is.

import { once } from "node:events";
import { connect, createServer } from "node:net";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { sleep } from "./harness.mjs";

export class Wire {
  /** Bytes of all requests that have passed. */
  passed = 0;
  #limit = Number.POSITIVE_INFINITY;
  #target = 0;
  #pairs = new Set();

  /** A wire on a free port; `lead` says where it ends. */
  static async open() {
    const wire = new Wire();
    wire.server = createServer({ allowHalfOpen: true }, (browser) => wire.#join(browser));
    wire.server.listen(0, "127.0.0.1");
    await once(wire.server, "listening");
    wire.url = `http://127.0.0.1:${wire.server.address().port}`;
    return wire;
  }

  lead(port) {
    this.#target = port;
  }

  /** Lets at most this many bytes a second of requests through, over all connections. */
  limit(bytesPerSecond) {
    this.#limit = bytesPerSecond;
  }

  /** Cuts every connection there is. New ones are taken. */
  cut() {
    for (const [browser, host] of this.#pairs) {
      browser.resetAndDestroy();
      host.destroy();
    }
  }

  close() {
    this.server.close();
    this.cut();
  }

  #join(browser) {
    const host = connect({ port: this.#target, host: "127.0.0.1", allowHalfOpen: true });
    const pair = [browser, host];
    this.#pairs.add(pair);
    const wire = this;
    const meter = new Transform({
      async transform(piece, _encoding, done) {
        wire.passed += piece.length;
        // The pause is that of all connections together, as each piece waits for its own share.
        if (Number.isFinite(wire.#limit)) await sleep((piece.length / wire.#limit) * 1000);
        done(null, piece);
      },
    });
    const ways = [pipeline(browser, meter, host), pipeline(host, browser)];
    // A connection that was cut ends with an error on both ways, which is what was asked for.
    Promise.allSettled(ways).then(() => this.#pairs.delete(pair));
  }
}
