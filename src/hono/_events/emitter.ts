import { callListener } from "../../_internal/call_listener.ts";
import { logFailure } from "../_app/log_error.ts";
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
  /** Emits an event to the host only: the metrics of another process count the session. */
  readonly tell: Emit;
  /** Reports spans and metrics. */
  readonly telemetry: Telemetry;
}

/** Creates the emitter of an app; failures in a function of the host are reported as errors of the host. */
export function createEmitter({ now, onError, onEvent, telemetry }: Settings): Emitter {
  const reported = new Telemetry(telemetry);
  const tell: Emit = (event, c) => {
    if (!onEvent || !c) return;
    const whole = {
      time: now(),
      requestId: c.get("requestId") ?? "",
      caller: c.get("caller"),
      ...event,
    } as EdgeEvent;
    callListener(() => onEvent(whole, c), (error) => onError(error, c));
  };
  return {
    telemetry: reported,
    tell,
    emit(event, c) {
      // A session goes on, whatever fails in a function of the host.
      callListener(() => reported.take(event), (error) => c ? onError(error, c) : logFailure(undefined, error));
      tell(event, c);
    },
  };
}
