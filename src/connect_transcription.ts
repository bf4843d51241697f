// This module is browser compatible.
import { type ApiTarget, checkApiTarget } from "./_internal/api_target.ts";
import { joinNames, type OptionNames } from "./_internal/check_options.ts";
import { aFunction, aLogger, aNumber, aTransport } from "./_internal/option_kinds.ts";
import { INPUT_NAMES } from "./_media/input_settings.ts";
import { checkReconnect } from "./_recovery/check_reconnect.ts";
import { connectWith, toRecoveryPart } from "./connect.ts";
import { type LocalEvent, logPart, usagePart } from "./session/mod.ts";
import { DIAL_NAMES, type DialOptions } from "./transport/dial_options.ts";
import { RealtimeTranscription } from "./transcription/realtime_transcription.ts";
import { toSessionSettings } from "./transcription/to_session_settings.ts";
import type { ConnectTranscriptionOptions } from "./transcription/transcription_options.ts";

export {
  type DrainedTranscription,
  type DrainTranscriptionOptions,
  RealtimeTranscription,
} from "./transcription/realtime_transcription.ts";
export type {
  ConnectTranscriptionOptions,
  TranscriptionHints,
  TranscriptionOptions,
} from "./transcription/transcription_options.ts";
export type { TranscriptionSpeech, TranscriptionUtterance } from "./transcription/transcription_utterance.ts";

/** The names of the options that belong neither to the target nor to dialling. */
const OPTION_NAMES = /* @__PURE__ */ joinNames((): OptionNames<
  Omit<ConnectTranscriptionOptions, keyof ApiTarget | keyof DialOptions>
> => ({
  ...INPUT_NAMES,
  ackTimeoutMs: aNumber,
  delay: 1,
  keywords: 1,
  language: 1,
  languages: 1,
  limits: 1,
  logger: aLogger,
  makeId: aFunction,
  model: 1,
  noiseReduction: 1,
  onLag: aFunction,
  onUnhandled: aFunction,
  prompt: 1,
  recovery: 1,
  session: 1,
  transcription: 1,
  transcriptTimeoutMs: aNumber,
  transport: aTransport,
  turnDetection: 1,
}));

/**
 * Opens a session that transcribes speech and does not answer: resolves when the server has created it and acknowledged
 * its settings. It survives drops and the 60-minute limit as `connect` does; with `recovery: false`, it ends with its
 * connection.
 *
 * @category Transcription
 *
 * @example Transcribing a recording
 * ```ts
 * import { connectTranscription } from "@oai-rt/edge";
 * import { createSimulator, synthesizeSpeech } from "@oai-rt/edge/simulator";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const { dial } = createSimulator({ pace: "fast" });
 * const transcription = await connectTranscription({ apiKey: "sk-test", dial, language: "en" });
 *
 * await ReadableStream.from([synthesizeSpeech("Good morning, everybody.")]).pipeTo(transcription.input);
 * assertEquals(await transcription.drain(), { missing: [], complete: true });
 * await transcription.close();
 *
 * for await (const { final, text } of transcription.utterances()) {
 *   if (final) assert(text.length > 0);
 * }
 * ```
 *
 * @throws {TypeError} when an option is unknown, or options contradict each other.
 * @throws {RangeError} when an option is out of range.
 * @throws {InvalidEventError} when the settings break a rule of the protocol.
 * @throws {RealtimeApiError} when the server refuses the settings.
 * @throws {ConnectionError} when there is no key, the host cannot be reached, or the session is refused or ends early.
 * @throws {DOMException} `AbortError` when `signal` is aborted, `TimeoutError` after `timeoutMs`.
 */
export async function connectTranscription(options: ConnectTranscriptionOptions): Promise<RealtimeTranscription> {
  const { connectOptions, log, recovery, usage } = prepare(options);
  const session = await connectWith(connectOptions, usage, ...log);
  try {
    if (recovery) session.install(recovery);
    return new RealtimeTranscription(session, options);
  } catch (error) {
    void session.close();
    throw error;
  }
}

/** Checks the options, and derives the arguments that open the session. */
function prepare(options: ConnectTranscriptionOptions) {
  try {
    checkApiTarget("connect", options, { ...DIAL_NAMES, ...OPTION_NAMES });
    const { ackTimeoutMs, apiKey, azure, baseUrl, clock, dial, makeId, noiseReduction, onUnhandled } = options;
    const { organization, project, recovery, safetyIdentifier, session, signal, timeoutMs, transport } = options;
    if (recovery) checkReconnect(recovery);
    const connectOptions = {
      ...{ ackTimeoutMs, apiKey, azure, baseUrl, clock, dial, makeId, noiseReduction },
      ...{ organization, project, safetyIdentifier, session, signal, timeoutMs, transport },
      ...toSessionSettings(options),
      ...onUnhandled && { onUnhandled: (error: unknown, event: LocalEvent) => onUnhandled(error, event.type) },
      intent: "transcription" as const,
    };
    const log = options.logger ? [logPart(options.logger)] : [];
    return {
      connectOptions,
      log,
      recovery: toRecoveryPart({ ...connectOptions, recovery }),
      usage: usagePart({ limits: options.limits }),
    };
  } catch (error) {
    void options?.transport?.close?.();
    throw error;
  }
}
