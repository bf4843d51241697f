// This module is browser compatible.

/** A frame as JSON. */
export type Fields = Readonly<Record<string, unknown>>;

/** How the events of one session look on the wire of a server. Inside they look as OpenAI's do. */
export interface FrameShape {
  /** Reads what a client has sent. */
  fromClient(fields: Fields): Fields;
  /** Writes an event of the server's: as one frame, several, or none. */
  toClient(frame: Fields): readonly Fields[];
}
