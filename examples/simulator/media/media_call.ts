import type { SimulatedCall, SimulatedLiveSession } from "@oai-rt/edge/simulator";

/** A call of either API, as its media needs it. */
export interface MediaCall extends Pick<SimulatedCall, "id" | "hear" | "onAudio" | "openChannel" | "hangUp"> {
  /** Resolves when it has ended. */
  readonly ended: Promise<unknown>;
}

/** A session of the Live API as a call. */
export function toMediaCall(session: SimulatedLiveSession): MediaCall {
  return {
    id: session.id,
    ended: session.closed,
    hear: (samples) => session.hear(samples),
    onAudio: (listener) => session.onAudio(listener),
    openChannel: () => session.openChannel(),
    hangUp: () => session.end("connection_lost"),
  };
}
