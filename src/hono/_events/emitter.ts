import { callListener } from "../../_internal/call_listener.ts";
import type { Settings } from "../_app/settings.ts";
import type { EdgeEvent } from "../edge_event.ts";
import type { RealtimeContext } from "../realtime_env.ts";
import { Telemetry } from "./telemetry.ts";

type WithoutBase<Event> = Event extends EdgeEvent ? Omit<Event, "time" | "requestId" | "caller"> : never;

/** Reports an event to the host. */
export type Emit = (event: WithoutBase<EdgeEvent>, c: RealtimeContext | undefined) => void;

/** Reports to the host. */
export interface Emitter {
  /** Emits an event. */
  readonly emit: Emit;
  /** Reports spans and metrics. */
  readonly telemetry: Telemetry;
}

/** Creates the emitter of an app; failures in a function of the host are reported as errors of the host. */
export function createEmitter({ now, onError, onEvent, telemetry }: Settings): Emitter {
  const reported = new Telemetry(telemetry);
  return {
    telemetry: reported,
    emit(event, c) {
      if (event.type === "call_started") reported.startSession("call");
      if (event.type === "relay_started") reported.startSession("relay");
      if (event.type === "call_ended" || event.type === "relay_ended") {
        const { durationMs, reason, usage } = event;
        const kind = event.type === "call_ended" ? "call" : "relay";
        reported.endSession(kind, { durationMs, reason, tokens: usage?.tokens ?? 0 });
      }
      if (!onEvent || !c) return;
      const whole = {
        time: now(),
        requestId: c.get("requestId") ?? "",
        caller: c.get("caller"),
        ...event,
      } as EdgeEvent;
      callListener(() => onEvent(whole, c), (error) => onError(error, c));
    },
  };
}
