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

/** How a session begins. */
export interface SessionStart {
  /** The frame to send first; `undefined` when it is one of the page's. */
  readonly frame: string | undefined;
  /** Id of its event. */
  readonly eventId: string | undefined;
  /** Reads a frame of the API. */
  read(frame: string): WireEvent | undefined;
  /**
   * Takes what the API sends until the policy is in force.
   *
   * @returns what the page is to see then; `undefined` before.
   * @throws {RealtimeApiError} when the API refuses the session, or the policy.
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
 * Puts the policy in force at the beginning of a session. The page does not notice: it sees a `session.created` with
 * the settings as they are then, and no `session.updated` that it did not ask for.
 */
export class PolicyStart implements SessionStart {
  /** The frame to send first. */
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
      // The model is chosen by the address, and cannot be changed.
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

/** What becomes of what the API sends once a policy is in force. */
interface SessionListener {
  /** An event is there for the page; `frame` is how it came. */
  show(event: WireEvent | undefined, frame?: string): void;
  /** The API has ended the session. */
  close(close: Pick<CloseInfo, "code" | "reason">): void;
  /** Frames of the page go on from now, as one of them starts the session. */
  letPageStart(): void;
}

/** Puts a policy in force, and listens from then on. Rejects when the API refuses it, or ends the session before. */
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
      const frame = typeof data === "string" ? data : new TextDecoder().decode(data);
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
