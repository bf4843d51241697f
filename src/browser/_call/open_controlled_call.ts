// This module is browser compatible.
import { systemClock } from "../../_internal/clock.ts";
import { type CloseInfo, ConnectionError } from "../../errors.ts";
import { type Logger, Session, type SessionEvent } from "../../session/mod.ts";
import { createTransport } from "../../transport/socket_transport.ts";
import type { ControlledCall } from "../controlled_call.ts";
import { type SdpExchange, viaApp, type ViaAppOptions } from "../exchange_sdp.ts";
import type { WebRtcOptions } from "../web_rtc_options.ts";
import { CallEvents } from "./call_events.ts";
import { CallLine } from "./call_line.ts";
import { openLine } from "./open_line.ts";

/** Options of the call, besides the address of the app. */
type ControlledCallOptions = Omit<WebRtcOptions, "exchange"> & ViaAppOptions & { readonly logger?: Logger | undefined };

/** A call whose session is streamed by the app. */
export class OpenControlledCall extends CallLine implements ControlledCall {
  readonly controller = "server" as const;
  readonly closed: Promise<CloseInfo> = this.released.then((end) => ({ ...end, clean: end.code === 1000 }));
  session!: Session;

  /** Asks for the microphone, and calls; the errors are those of {@linkcode openLine}. */
  static async dial(url: string | URL, options: ControlledCallOptions): Promise<OpenControlledCall> {
    const { clock = systemClock, credentials, fetch, headers, logger, session } = options;
    const app = { credentials, fetch, headers };
    const given = { ...options, exchange: named(viaApp(url, { ...app, session })) };
    const line = await openLine(given, (microphone) => new OpenControlledCall(given, microphone, false));
    const events = new CallEvents(line.call, {
      ...app,
      clock,
      end: (info) => line.end(info),
      onFrame: (frame) => line.sound.watch(frame),
      // The event that opens the gate again may be late, or never arrive.
      onBroken: () => line.sound.open(),
    });
    const transport = createTransport(events, { url: line.call.answer?.url ?? "", clock });
    line.session = new Session(transport, { sideband: true, shared: true, logger });
    return line;
  }

  events(): AsyncIterableIterator<SessionEvent> {
    return this.session.events();
  }

  async hangUp(): Promise<void> {
    try {
      await this.call.hangUp();
    } finally {
      this.end({ code: 1000, reason: "" });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.hangUp();
  }
}

/** Rejects an answer that does not name its call: its events could not be read, and it could not be hung up. */
function named(exchange: SdpExchange): SdpExchange {
  return async (offer, options) => {
    const answer = await exchange(offer, options);
    if (answer.hangUp) return answer;
    const { url } = answer;
    throw new ConnectionError(
      `Cannot start a call as the answer of ${url} has no call_id and call_token: is it an app of createRealtimeApp?`,
      { kind: "refused", url },
    );
  };
}
