// This module is browser compatible.
import type { AudioContextLike, GainNodeLike } from "../audio_context.ts";

/** Sets the volume, 0 to 1. */
export function setVolume({ gain }: GainNodeLike, volume: number): void {
  if (!(volume >= 0 && volume <= 1)) {
    throw new RangeError(`Cannot set the volume as it must be from 0 to 1: current value is ${volume}`);
  }
  gain.value = volume;
}

/** Switches to another loudspeaker. */
export async function setSink(context: AudioContextLike, deviceId: string): Promise<void> {
  if (context.setSinkId) return await context.setSinkId(deviceId);
  throw new DOMException("Cannot choose the loudspeaker in this browser", "NotSupportedError");
}
