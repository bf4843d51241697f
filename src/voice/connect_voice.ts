// This module is browser compatible.
import { checkRequiredOptions, pick } from "../_internal/check_options.ts";
import { connect } from "../connect.ts";
import { CONNECT_NAMES, type ConnectOptions } from "../connect_options.ts";
import { VOICE_NAMES, type VoiceOptions } from "./voice_options.ts";
import { VoiceSession } from "./voice_session.ts";

/**
 * Options of {@linkcode connectVoice}.
 *
 * @category Voice
 */
export interface ConnectVoiceOptions extends ConnectOptions, VoiceOptions {}

/**
 * Connects to the Realtime API and opens a spoken conversation: audio streams in and out, barge-in, tools.
 *
 * @category Voice
 *
 * @example Speaking, and reading the transcript
 * ```ts
 * import { connectVoice } from "@oai-rt/edge";
 * import { createSimulator, synthesizeSpeech } from "@oai-rt/edge/simulator";
 * import { assert } from "@std/assert";
 *
 * const simulator = createSimulator({ pace: "fast" });
 * await using voice = await connectVoice({ apiKey: "sk-test", dial: simulator.dial, turnDetection: "server_vad" });
 * const events = voice.events();
 *
 * const microphone = ReadableStream.from([synthesizeSpeech("Hello, is anybody there?")]);
 * void voice.pipe({ from: microphone, to: new WritableStream() });
 *
 * for await (const event of events) {
 *   if (event.type !== "transcript_done") continue;
 *   assert(event.transcript.length > 0);
 *   break;
 * }
 * ```
 *
 * @example One answer in a stream of its own
 * ```ts
 * import { connectVoice } from "@oai-rt/edge";
 * import { createSimulator } from "@oai-rt/edge/simulator";
 * import { assert } from "@std/assert";
 *
 * const simulator = createSimulator({ pace: "fast" });
 * const options = { apiKey: "sk-test", dial: simulator.dial, turnDetection: null };
 * await using voice = await connectVoice(options);
 *
 * const answer = voice.session.respond({ instructions: "Say hello." });
 * const reader = voice.outputOf(answer).getReader();
 * const { value: chunk } = await reader.read();
 * assert(chunk && chunk.responseId === answer.id && chunk.bytes.length > 0);
 * ```
 *
 * @throws {TypeError} when an option is unknown, options contradict each other, or audio must be converted without an
 * `audioKit`.
 * @throws {RangeError} when an option is out of range.
 * @throws {InvalidEventError} when the configuration breaks a rule of the protocol.
 * @throws {RealtimeApiError} when the server refuses the configuration.
 * @throws {ConnectionError} when there is no key, the host cannot be reached, or the session is refused or ends early.
 * @throws {DOMException} `AbortError` when `signal` is aborted, `TimeoutError` after `timeoutMs`.
 */
export async function connectVoice(options: ConnectVoiceOptions): Promise<VoiceSession> {
  try {
    checkRequiredOptions("connect", options, { ...CONNECT_NAMES, ...VOICE_NAMES });
  } catch (error) {
    void options?.transport?.close?.();
    throw error;
  }
  const playbackSource = options.playbackSource ?? (isPlayedByServer(options) ? "server" : "paced");
  const session = await connect(pick(options, CONNECT_NAMES));
  try {
    const onDrop = options.onDrop ?? (options.recovery || undefined)?.onDrop;
    return new VoiceSession(session, { ...pick(options, VOICE_NAMES), onDrop, playbackSource });
  } catch (error) {
    void session.close();
    throw error;
  }
}

/** Whether the server plays the model's audio: to the caller of a call, or as the transport states. */
function isPlayedByServer({ callId, transport }: ConnectVoiceOptions): boolean {
  return callId !== undefined || transport?.playback === "server";
}
