// This module is browser compatible.
import { ConnectionError } from "../../errors.ts";
import type { RealtimeCallIncomingEvent } from "../../protocol/mod.ts";
import type { SessionHost } from "../_server/session_host.ts";
import type { SipCallOptions, SipCallOutcome } from "../sip_call.ts";
import { signWebhook } from "./webhook_signature.ts";

/** Time that a caller waits for an answer, in milliseconds. */
const RING_MS = 30_000;

/** A telephone call that is announced by a webhook and waits for an answer. */
export class Invitation {
  readonly #callId: string;
  readonly #host: SessionHost;
  readonly #outcome = Promise.withResolvers<SipCallOutcome>();

  constructor(callId: string, host: SessionHost) {
    this.#callId = callId;
    this.#host = host;
  }

  /** Announces the call. Resolves with the outcome. */
  async send(options: SipCallOptions): Promise<SipCallOutcome> {
    const { ringMs = RING_MS, signal } = options;
    const callId = this.#callId;
    signal?.throwIfAborted();
    const giveUp = () => this.#outcome.reject(signal?.reason);
    signal?.addEventListener("abort", giveUp, { once: true });
    const cancel = this.#host.clock.schedule(() => this.settle({ status: "unanswered", callId }), ringMs);
    this.#deliver(options).catch((error) => this.#outcome.reject(error));
    try {
      return await this.#outcome.promise;
    } finally {
      cancel();
      signal?.removeEventListener("abort", giveUp);
    }
  }

  /** Answers the call; the first answer counts. */
  settle(outcome: SipCallOutcome): void {
    this.#outcome.resolve(outcome);
  }

  /** Posts the webhook. The answer may come before this is done. */
  async #deliver(options: SipCallOptions): Promise<void> {
    const { fetch = globalThis.fetch, secret } = options;
    const url = String(options.webhookUrl);
    const id = this.#host.ids("wh");
    const timestamp = Math.floor(this.#host.unixTime() / 1000);
    const body = JSON.stringify(this.#event(options, timestamp));
    const headers = {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": await signWebhook({ id, timestamp, body }, secret),
    };
    const { ok, status } = await post(fetch, new Request(url, { method: "POST", headers, body }));
    if (ok) return;
    const message = `Cannot ring as the webhook was answered with status ${status}`;
    throw new ConnectionError(message, { kind: "refused", url, status });
  }

  #event({ from, headers = [], to }: SipCallOptions, createdAt: number): RealtimeCallIncomingEvent {
    return {
      object: "event",
      id: this.#host.ids("evt"),
      type: "realtime.call.incoming",
      created_at: createdAt,
      data: {
        call_id: this.#callId,
        sip_headers: [
          { name: "From", value: from ?? "sip:+14155550100@sip.example.com" },
          { name: "To", value: to ?? "sip:proj_simulator@sip.api.openai.com;transport=tls" },
          { name: "Call-ID", value: this.#host.ids("sip") },
          ...headers,
        ],
        sip_media_security: "srtp",
      },
    };
  }
}

async function post(
  fetch: (request: Request) => Response | Promise<Response>,
  request: Request,
): Promise<{ ok: boolean; status: number }> {
  try {
    const response = await fetch(request);
    await response.body?.cancel();
    return response;
  } catch (cause) {
    const { url } = request;
    const message = `Cannot ring as the webhook could not be delivered to ${url}`;
    throw new ConnectionError(message, { kind: "unreachable", url, cause });
  }
}
