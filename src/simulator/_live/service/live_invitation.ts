// This module is browser compatible.
import { ConnectionError } from "../../../errors.ts";
import { signWebhook } from "../../_calls/webhook_signature.ts";
import type { SipCallOptions } from "../../sip_call.ts";
import type { LiveCallOutcome } from "../../live/live_call.ts";
import type { LiveHost } from "./live_host.ts";

/** Time that a caller waits for an answer, in milliseconds. */
const RING_MS = 30_000;

/** A telephone call that a webhook of the Live API announces. */
export class LiveInvitation {
  readonly id: string;
  readonly #host: LiveHost;
  readonly #outcome = Promise.withResolvers<LiveCallOutcome>();

  constructor(id: string, host: LiveHost) {
    this.id = id;
    this.#host = host;
  }

  /** Announces the call. Resolves with the outcome. */
  async send(options: SipCallOptions): Promise<LiveCallOutcome> {
    const { ringMs = RING_MS, signal } = options;
    signal?.throwIfAborted();
    const abort = () => this.#outcome.reject(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    const cancel = this.#host.clock.schedule(() => this.giveUp(), ringMs);
    this.#deliver(options).catch((error) => this.#outcome.reject(error));
    try {
      return await this.#outcome.promise;
    } finally {
      cancel();
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Answers the call; the first answer counts. */
  settle(outcome: LiveCallOutcome): void {
    this.#outcome.resolve(outcome);
  }

  /** The caller gives up. */
  giveUp(): void {
    this.settle({ status: "unanswered", sessionId: this.id });
  }

  async #deliver(
    { fetch = globalThis.fetch, from, headers = [], secret, to, webhookUrl }: SipCallOptions,
  ): Promise<void> {
    const { ids, unixTime } = this.#host;
    const url = String(webhookUrl);
    const id = ids("wh");
    const timestamp = Math.floor(unixTime() / 1000);
    const sip_headers = [
      { name: "From", value: from ?? "sip:+14155550100@sip.example.com" },
      { name: "To", value: to ?? "sip:proj_simulator@sip.api.openai.com;transport=tls" },
      { name: "Call-ID", value: ids("sip") },
      ...headers,
    ];
    const data = { type: "sip", session_id: this.id, sip_headers, sip_media_security: "srtp" };
    const event = { object: "event", id: ids("evt"), type: "live.transport.incoming", created_at: timestamp, data };
    const body = JSON.stringify(event);
    const request = new Request(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": String(timestamp),
        "webhook-signature": await signWebhook({ id, timestamp, body }, secret),
      },
      body,
    });
    let response: Response;
    try {
      response = await fetch(request);
      await response.body?.cancel();
    } catch (cause) {
      const message = `Cannot ring as the webhook could not be delivered to ${url}`;
      throw new ConnectionError(message, { kind: "unreachable", url, cause });
    }
    const { ok, status } = response;
    if (ok) return;
    const message = `Cannot ring as the webhook was answered with status ${status}`;
    throw new ConnectionError(message, { kind: "refused", url, status });
  }
}
