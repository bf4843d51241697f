// This module is browser compatible.

/** A frame as JSON. */
export type Fields = Readonly<Record<string, unknown>>;

/** How the events of one session look on the wire of a server. Inside they look as OpenAI's do. */
export interface FrameShape {
  /** Translates an event of a client. */
  fromClient(fields: Fields): Fields;
  /**
   * Translates an event of the server: to one frame, several, or none. An additional frame has no `event_id` yet.
   *
   * @param audioMs milliseconds of audio in it.
   */
  toClient(frame: Fields, audioMs?: number): readonly Fields[];
}
