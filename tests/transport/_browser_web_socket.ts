/** A `WebSocket` as browsers have it: a second argument that is not a list is treated as a subprotocol. */
export class BrowserWebSocket extends EventTarget {
  static readonly offers: (readonly string[])[] = [];
  readyState = 1;

  constructor(_url: URL, protocols: string | readonly string[]) {
    super();
    if (typeof protocols === "string" || !(Symbol.iterator in protocols)) {
      throw new DOMException(`The subprotocol '${protocols}' is invalid.`, "SyntaxError");
    }
    BrowserWebSocket.offers.push(protocols);
    queueMicrotask(() => this.dispatchEvent(new Event("open")));
  }
}
