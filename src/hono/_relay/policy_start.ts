import { decodeFrame } from "../../_internal/text/decode_frame.ts";
import { randomId } from "../../_internal/ids.ts";
import { toApiError, toWireEvent, type WireEvent } from "../../_internal/wire.ts";
import { toCloseInfo } from "../../_internal/close_info.ts";
import { type CloseInfo, ConnectionError } from "../../errors.ts";
import {
  type FunctionTool,
  parseServerEvent,
  stringifyClientEvent,
  stringifyTranslationClientEvent,
} from "../../protocol/mod.ts";
import type { Socket } from "../../transport/mod.ts";
import type { SessionPolicy } from "../realtime_app_options.ts";

/** The start of a session. */
export interface SessionStart {
  /** The first frame to send; `undefined` when the page sends it. */
  readonly frame: string | undefined;
  /** Id of its event. */
  readonly eventId: string | undefined;
  /** Parses a frame of the API. */
  read(frame: string): WireEvent | undefined;
  /**
   * Processes events of the API until the policy is in force.
   *
   * @returns the events that the page then receives; `undefined` before.
   * @throws {RealtimeApiError} when the API rejects the session, or the policy.
   */
  take(event: WireEvent | undefined): readonly WireEvent[] | undefined;
}

/** Options of {@linkcode PolicyStart}. */
export interface PolicyStartOptions {
  /** Tools to add to those of the policy. */
  readonly tools: readonly FunctionTool[];
  /** Whether the policy is checked. */
  readonly check: boolean;
}

/**
 * Applies the policy at the start of a session. The page does not notice: it receives a `session.created` with the
 * resulting settings, and no `session.updated` that it did not request.
 */
export class PolicyStart implements SessionStart {
  /** The first frame to send. */
  readonly frame: string;
  /** Id of its event. */
  readonly eventId: string = randomId("event");
  #created: WireEvent | undefined;
  readonly #others: WireEvent[] = [];

  constructor(policy: SessionPolicy, { check, tools }: PolicyStartOptions) {
    const event = { type: "session.update", event_id: this.eventId } as const;
    if (policy.type === "translation") {
      const { model: _model, type: _type, ...session } = policy;
      this.frame = stringifyTranslationClientEvent({ ...event, session }, { check });
    } else {
      const session = policy.type === "realtime" ? withTools(policy, tools) : policy;
      // The model is part of the address, and cannot be changed.
      this.frame = stringifyClientEvent({ ...event, session: { ...session, model: undefined } as never }, { check });
    }
  }

  read(frame: string): WireEvent | undefined {
    return toWireEvent(parseServerEvent(frame));
  }

  take(event: WireEvent | undefined): readonly WireEvent[] | undefined {
    if (event?.type === "session.updated") {
      return [this.#created ? { ...this.#created, session: event.session } : event, ...this.#others];
    }
    if (event?.type === "error") throw toApiError(event);
    if (event?.type === "session.created") this.#created = event;
    else if (event) this.#others.push(event);
    return undefined;
  }
}

function withTools(
  policy: Extract<SessionPolicy, { type: "realtime" }>,
  tools: readonly FunctionTool[],
): typeof policy {
  if (tools.length === 0) return policy;
  const names = new Set(tools.map(({ name }) => name));
  const others = (policy.tools ?? []).filter((tool) => !("name" in tool && names.has(`${tool.name}`)));
  return { ...policy, tools: [...others, ...tools] };
}

/** Receives the events of the API once a policy is in force. */
interface SessionListener {
  /** An event for the page; `frame` is its original form. */
  show(event: WireEvent | undefined, frame?: string): void;
  /** The API has ended the session. */
  close(close: Pick<CloseInfo, "code" | "reason">): void;
  /** Frames of the page are forwarded from now on, as one of them starts the session. */
  letPageStart(): void;
}

/** Applies a policy, and listens from then on. Rejects when the API rejects it, or ends the session first. */
export function putInForce(start: SessionStart, api: Socket, listener: SessionListener): Promise<void> {
  const { promise, reject, resolve } = Promise.withResolvers<void>();
  let isInForce = false;
  const begin = (frame: string) => {
    const first = start.take(start.read(frame));
    if (!first) return;
    isInForce = true;
    for (const event of first) listener.show(event);
    resolve();
  };
  api.listen({
    message: (data) => {
      const frame = decodeFrame(data);
      if (isInForce) return listener.show(start.read(frame), frame);
      try {
        begin(frame);
      } catch (error) {
        reject(error);
      }
    },
    close: (close) => {
      if (isInForce) return listener.close(close);
      const message = "Cannot open a relay as the API ended the session before the policy was in force";
      reject(new ConnectionError(message, { kind: "closed", close: toCloseInfo(close, false) }));
    },
  });
  if (start.frame === undefined) listener.letPageStart();
  else api.send(start.frame);
  return promise;
}
