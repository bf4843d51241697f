import { encodeBase64, toBytes } from "../../../src/audio/mod.ts";
import type { LiveSimulatorOptions, SimulatedLiveSession } from "../../../src/simulator/mod.ts";
import { Client, type ClientOptions, type Frame } from "../_client.ts";
import { silence } from "../_sound.ts";

export const LIVE_URL = "wss://simulator/v1/live/sessions";

/** A client of the Live API without logic, on a virtual clock. */
export class LiveClient extends Client {
  static override async connect(options: ClientOptions = {}): Promise<LiveClient> {
    const { url = LIVE_URL, headers, protocols, ...simulatorOptions } = options;
    const client = new LiveClient(simulatorOptions);
    await client.dial(url, headers, protocols);
    await client.clock.advance(0);
    return client;
  }

  /** Another client of the same simulator. */
  static async beside(other: LiveClient, url: string): Promise<LiveClient> {
    const client = new LiveClient({}, other);
    await client.dial(url);
    await client.clock.advance(0);
    return client;
  }

  /** Connects, starts a session and drops `session.started`. */
  static async started(
    live: LiveSimulatorOptions = {},
    session: Readonly<Record<string, unknown>> = {},
  ): Promise<LiveClient> {
    const client = await LiveClient.connect({ live });
    await client.ask({ type: "session.start", session: { model: "gpt-live-1", ...session } });
    return client;
  }

  /** The session from the server's side. */
  get session(): SimulatedLiveSession {
    return this.simulator.liveSessions[0]!;
  }

  /** Appends audio in pieces of 100 ms and in real time; returns the received events. */
  async hear(samples: Int16Array | number): Promise<Frame[]> {
    const audio = typeof samples === "number" ? silence(samples) : samples;
    for (let start = 0; start < audio.length; start += 2_400) {
      const piece = encodeBase64(toBytes(audio.slice(start, start + 2_400)));
      this.send({ type: "session.input_audio.append", audio: piece });
      await this.clock.advance(100);
    }
    return this.take();
  }
}

/** Events except those of the output audio. */
export function withoutAudio(frames: readonly Frame[]): Frame[] {
  return frames.filter(({ type }) => type !== "session.output_audio.delta");
}

/** The words of a transcript, joined. */
export function transcriptOf(frames: readonly Frame[], side: "input" | "output"): string {
  return frames.filter(({ type }) => type === `session.${side}_transcript.delta`).map(({ delta }) => delta).join("");
}

/** The types of the events of the backend. */
export function nestedTypes(frames: readonly Frame[]): string[] {
  return nestedEvents(frames).map(({ type }) => type);
}

/** The events of the backend. */
export function nestedEvents(frames: readonly Frame[]): Frame[] {
  return frames.filter(({ type }) => type === "response.event").map(({ event }) => event as Frame);
}

/** Posts to the Live API. */
export async function post(
  client: Pick<LiveClient, "simulator">,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Frame }> {
  const response = await client.simulator.fetch(`https://simulator/v1/live${path}`, {
    method: "POST",
    headers: { authorization: "Bearer sk-test" },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? {} : JSON.parse(text) };
}
