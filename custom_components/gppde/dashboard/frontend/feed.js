const RETRY = 3000;

/**
 * Snapshots from the integration, for as long as somebody looks: over reloads of the integration,
 * restarts and lost connections. The listener gets null where there is no answer.
 */
export class Feed {
  #connection;
  #listener;
  #attempt = 0;
  #unsubscribe;
  #timer;

  constructor(connection, listener) {
    this.#connection = connection;
    this.#listener = listener;
  }

  open() {
    this.#connection.addEventListener("ready", this.#subscribe);
    this.#subscribe();
  }

  close() {
    this.#connection.removeEventListener("ready", this.#subscribe);
    this.#attempt += 1;
    clearTimeout(this.#timer);
    this.#unsubscribe?.().catch(() => {}); // a connection that is gone has forgotten us already
    this.#unsubscribe = undefined;
  }

  // The connection's own way to subscribe anew gives up where Home Assistant is back before we are.
  #subscribe = async () => {
    const attempt = (this.#attempt += 1);
    clearTimeout(this.#timer);
    try {
      const unsubscribe = await this.#connection.subscribeMessage(
        (snapshot) => attempt === this.#attempt && this.#listener(snapshot),
        { type: "gppde/subscribe" },
        { resubscribe: false },
      );
      if (attempt === this.#attempt) this.#unsubscribe = unsubscribe;
      else unsubscribe().catch(() => {});
    } catch {
      if (attempt !== this.#attempt) return;
      this.#listener(null);
      this.#timer = setTimeout(this.#subscribe, RETRY);
    }
  };
}
