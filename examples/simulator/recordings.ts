import { createRecorder, type Recorder, type SimulatedFrame, type SimulatedSession } from "@oai-rt/edge/simulator";
import { messageOf } from "./command.ts";

/** A session of either API. */
type AnySession = Pick<SimulatedSession, "closed" | "id">;

/**
 * Writes a recording of each session into a folder, in a file that is named for the session. The folder is made if it
 * is not there.
 */
export class Recordings {
  readonly #folder: string;
  readonly #recorders = new Map<string, Recorder>();

  constructor(folder: string) {
    try {
      Deno.mkdirSync(folder, { recursive: true });
    } catch (error) {
      throw new Error(`Cannot record into ${folder}: ${messageOf(error)}`);
    }
    this.#folder = folder;
  }

  /** Writes a frame to the recording of its session; frames of rejected clients belong to none, and are omitted. */
  frame({ data, from, sessionId }: SimulatedFrame, sessions: readonly AnySession[]): void {
    const session = sessions.find(({ id }) => id === sessionId);
    if (!session) return;
    const recorder = this.#recorders.get(session.id) ?? this.#begin(session);
    recorder.frame(from === "client" ? "sent" : "recv", data);
  }

  #begin({ closed, id }: AnySession): Recorder {
    const file = Deno.openSync(`${this.#folder}/${id}.jsonl`, { create: true, truncate: true, write: true });
    const encoder = new TextEncoder();
    const recorder = createRecorder({ write: (line) => writeAll(file, encoder.encode(`${line}\n`)) });
    this.#recorders.set(id, recorder);
    void closed.then((info) => {
      recorder.close(info);
      this.#recorders.delete(id);
      file.close();
    });
    return recorder;
  }
}

function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) written += file.writeSync(bytes.subarray(written));
}
