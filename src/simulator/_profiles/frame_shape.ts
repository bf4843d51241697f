// This module is browser compatible.
import type { ServerProfile } from "../server_profile.ts";
import { createGaShape } from "./ga_shape.ts";
import { createVoiceLiveShape } from "./voice_live_shape.ts";
import { createXaiShape } from "./xai_shape.ts";

/** A frame as JSON. */
export type Fields = Readonly<Record<string, unknown>>;

/** How the events of one session look on the wire of a server. Inside they look as OpenAI's do. */
export interface FrameShape {
  /** Reads what a client has sent. */
  fromClient(fields: Fields): Fields;
  /** Writes an event of the server's: as one frame, several, or none. */
  toClient(frame: Fields): readonly Fields[];
}

/** Makes the shape of a session's events, which may depend on those before them. */
export function shapeOf(profile: ServerProfile): FrameShape {
  switch (profile.shape) {
    case "ga":
      return createGaShape(profile);
    case "voice-live":
      return createVoiceLiveShape(profile);
    case "xai":
      return createXaiShape(profile);
  }
}
