// This module is browser compatible.
import type { AudioContextLike, GainNodeLike } from "../audio_context.ts";

/** Sets the volume, 0 to 1. */
export function setVolume({ gain }: GainNodeLike, volume: number): void {
  if (!(volume >= 0 && volume <= 1)) {
    throw new RangeError(`Cannot set the volume as it must be from 0 to 1: current value is ${volume}`);
  }
  gain.value = volume;
}

/** Switches the context that plays, if there is one, to another loudspeaker; rejects where that is impossible. */
export async function setSink(context: AudioContextLike | undefined, deviceId: string): Promise<void> {
  if (context?.setSinkId) return await context.setSinkId(deviceId);
  const why = context ? "in this browser" : "as nothing is played";
  throw new DOMException(`Cannot choose the loudspeaker ${why}`, "NotSupportedError");
}
