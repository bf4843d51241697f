// This module is browser compatible.
import { systemClock } from "../../_internal/clock.ts";
import type { CloseInfo } from "../../errors.ts";
import { type Logger, Session, type SessionEvent } from "../../session/mod.ts";
import { createTransport } from "../../transport/socket_transport.ts";
import type { CallEvents } from "./call_events.ts";
import { CallMedia } from "./call_media.ts";
import type { PeerCall } from "./peer_call.ts";
import type { ControlledCall } from "../controlled_call.ts";

/** A call whose session is shown by the app. */
export class OpenControlledCall extends CallMedia implements ControlledCall {
  readonly session: Session;
  readonly closed: Promise<CloseInfo>;
  readonly #call: PeerCall;
  #hangingUp: Promise<void> | undefined;

  constructor(call: PeerCall, events: CallEvents, logger: Logger | undefined) {
    super(call);
    this.#call = call;
    this.closed = call.closed.then((end) => ({ ...end, clean: end.code === 1000 }));
    const transport = createTransport(events, { url: call.answer?.url ?? "", clock: systemClock });
    this.session = new Session(transport, { sideband: true, shared: true, logger });
    call.onLeave = () => void this.#tellServer();
  }

  get controller(): "server" {
    return "server";
  }

  events(): AsyncIterableIterator<SessionEvent> {
    return this.session.events();
  }

  async hangUp(): Promise<void> {
    try {
      await this.#tellServer();
    } finally {
      this.#call.end({ code: 1000, reason: "" });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.hangUp();
  }

  #tellServer(): Promise<void> {
    return this.#hangingUp ??= this.#call.answer?.hangUp?.() ?? Promise.resolve();
  }
}
