// This module is browser compatible.
import type { ServerProfile } from "../server_profile.ts";
import type { FrameShape } from "./frame_shape.ts";
import { createGaShape } from "./ga_shape.ts";
import { createVoiceLiveShape } from "./voice_live_shape.ts";
import { createXaiShape } from "./xai_shape.ts";

/**
 * Creates the shape of a session's events, which may depend on earlier events.
 *
 * @param unixTime Unix time in milliseconds.
 */
export function shapeOf(profile: ServerProfile, unixTime: () => number = Date.now): FrameShape {
  switch (profile.shape) {
    case "ga":
      return createGaShape(profile);
    case "voice-live":
      return createVoiceLiveShape(profile);
    case "xai":
      return createXaiShape(profile, unixTime);
  }
}
