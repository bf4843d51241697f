// This module is browser compatible.
import { serverError } from "../_errors/server_error.ts";
import type { SessionSpec } from "../_session/session_spec.ts";
import type { SessionHost } from "../_server/session_host.ts";
import type { SimulatedCallKind } from "../simulated_call.ts";
import type { SipCallOptions, SipCallOutcome } from "../sip_call.ts";
import { Call } from "./call.ts";
import { Invitation } from "./invitation.ts";

/** The calls of a simulator: ringing and active ones. */
export class Calls {
  readonly #host: SessionHost;
  readonly #ringing = new Map<string, Invitation>();
  readonly #live = new Map<string, Call>();

  constructor(host: SessionHost) {
    this.#host = host;
  }

  /** The active calls, oldest first. */
  get live(): readonly Call[] {
    return [...this.#live.values()].filter(({ session }) => !session.isClosing);
  }

  /**
   * Begins a call.
   *
   * @throws {ServerError} when the server would reject the session's settings.
   */
  open(kind: SimulatedCallKind, spec: SessionSpec, id: string = this.#host.ids("rtc")): Call {
    const call = new Call(id, kind, spec, this.#host);
    this.#live.set(id, call);
    call.ended.then(() => this.#live.delete(id));
    return call;
  }

  /**
   * Finds an active call.
   *
   * @throws {ServerError} when there is none.
   */
  find(callId: string): Call {
    const call = this.#live.get(callId);
    if (call && !call.session.isClosing) return call;
    throw serverError("call_unknown_here");
  }

  /** Rings a telephone until it is answered, or the caller gives up. */
  async ring(options: SipCallOptions): Promise<SipCallOutcome> {
    const callId = this.#host.ids("rtc");
    const invitation = new Invitation(callId, this.#host);
    this.#ringing.set(callId, invitation);
    try {
      return await invitation.send(options);
    } finally {
      this.#ringing.delete(callId);
    }
  }

  /**
   * Accepts a ringing call.
   *
   * @throws {ServerError} when there is none, or the server would reject the session's settings.
   */
  accept(callId: string, spec: SessionSpec): void {
    const invitation = this.#answer(callId);
    invitation.settle({ status: "accepted", call: this.open("sip", spec, callId) });
    this.#ringing.delete(callId);
  }

  /**
   * Rejects a ringing call.
   *
   * @throws {ServerError} when there is none.
   */
  reject(callId: string, statusCode: number): void {
    this.#answer(callId).settle({ status: "rejected", callId, statusCode });
    this.#ringing.delete(callId);
  }

  /** Stops all ringing. */
  stopRinging(): void {
    for (const [callId, invitation] of this.#ringing) invitation.settle({ status: "unanswered", callId });
    this.#ringing.clear();
  }

  #answer(callId: string): Invitation {
    const invitation = this.#ringing.get(callId);
    if (invitation) return invitation;
    this.find(callId);
    throw serverError("call_answered");
  }
}
