// This module is browser compatible.
import { type ApiTarget, checkApiTarget } from "./_internal/api_target.ts";
import { assertRuntime } from "./_internal/assert_runtime.ts";
import { joinNames, type OptionNames } from "./_internal/check_options.ts";
import { aFunction, aNumber, aTransport } from "./_internal/option_kinds.ts";
import { INPUT_NAMES } from "./_media/input_settings.ts";
import { systemClock } from "./_internal/clock.ts";
import { onAbort, withTimeout } from "./_internal/timeout.ts";
import { canReopen } from "./_recovery/can_reopen.ts";
import { checkReconnect } from "./_recovery/check_reconnect.ts";
import { ConnectionError, RealtimeApiError } from "./errors.ts";
import { translationCodec, type TranslationSessionConfig } from "./protocol/mod.ts";
import { DIAL_NAMES, type DialOptions } from "./transport/dial_options.ts";
import { openTransport } from "./transport/dial_transport.ts";
import { toDialer } from "./transport/dialer.ts";
import { DEFAULT_CONNECT_TIMEOUT_MS } from "./transport/mod.ts";
import { toTranslationUrl } from "./transport/target.ts";
import { RealtimeTranslation } from "./translation/realtime_translation.ts";
import { toTranslationConfig } from "./translation/to_translation_config.ts";
import { TranslationLine } from "./translation/translation_line.ts";
import { type ConnectTranslationOptions, DEFAULT_SOURCE_TRANSCRIPTION } from "./translation/translation_options.ts";

export {
  type CloseTranslationOptions,
  RealtimeTranslation,
  type TranslationEnd,
  type UpdateTranslationOptions,
} from "./translation/realtime_translation.ts";
export type {
  ConnectTranslationOptions,
  TranslationOptions,
  TranslationSettings,
  TranslationTransport,
} from "./translation/translation_options.ts";
export type { TranslationWords } from "./translation/translation_words.ts";

/** The names of the options that belong neither to the target nor to dialling. */
const OPTION_NAMES = /* @__PURE__ */ joinNames((): OptionNames<
  Omit<ConnectTranslationOptions, keyof ApiTarget | keyof DialOptions>
> => ({
  ...INPUT_NAMES,
  ackTimeoutMs: aNumber,
  language: 1,
  maxUnheardMs: aNumber,
  model: 1,
  noiseReduction: 1,
  onLag: aFunction,
  onUnhandled: aFunction,
  recovery: 1,
  session: 1,
  transcription: 1,
  transport: aTransport,
}));

/**
 * Opens a session that translates speech as it is spoken: resolves when the server has created it and acknowledged its
 * settings. It survives drops and the 60-minute limit as `connect` does; with `recovery: false`, it ends with its connection.
 *
 * @category Translation
 *
 * @example A sentence in another language
 * ```ts
 * import { connectTranslation } from "@oai-rt/edge";
 * import { createSimulator, synthesizeSpeech } from "@oai-rt/edge/simulator";
 * import { assert } from "@std/assert";
 *
 * const { dial } = createSimulator({ pace: "fast" });
 * const translation = await connectTranslation({ apiKey: "sk-test", dial, language: "de" });
 *
 * const speech = ReadableStream.from([synthesizeSpeech("Good morning, everybody.")]);
 * await speech.pipeTo(translation.input);
 * const { confirmed } = await translation.close();
 *
 * let words = "";
 * for await (const { side, text } of translation.transcripts()) if (side === "output") words += text;
 * assert(confirmed && words.length > 0);
 * for await (const bytes of translation.output) assert(bytes.length > 0);
 * ```
 *
 * @throws {TypeError} when an option is unknown, or options contradict each other.
 * @throws {RangeError} when an option is out of range.
 * @throws {InvalidEventError} when the settings break a rule of the protocol.
 * @throws {RealtimeApiError} when the server refuses the settings.
 * @throws {ConnectionError} when there is no key, the host cannot be reached, or the session is refused or ends early.
 * @throws {DOMException} `AbortError` when `signal` is aborted, `TimeoutError` after `timeoutMs`.
 */
export async function connectTranslation(options: ConnectTranslationOptions): Promise<RealtimeTranslation> {
  const { clock = systemClock, timeoutMs = DEFAULT_CONNECT_TIMEOUT_MS, transport } = options ?? {};
  try {
    assertRuntime();
    checkApiTarget("connect", options, { ...DIAL_NAMES, ...OPTION_NAMES });
    if (options.recovery) checkReconnect(options.recovery);
    const config = toTranslationConfig({ ...options, transcription: transcriptionOf(options) });
    // Invalid settings are rejected before anything is dialled.
    translationCodec.stringify({ type: "session.update", session: config });
    const url = transport ? undefined : toTranslationUrl(options);
    return await withTimeout(
      (signal) => open({ ...options, signal }, url, config),
      {
        what: `connect to ${url ?? transport?.url}`,
        signal: options.signal,
        timeoutMs,
        clock,
        discard: (translation) => void translation.close({ timeoutMs: 0 }),
      },
    );
  } catch (error) {
    void transport?.close?.();
    throw error;
  }
}

/** The source is transcribed unless the caller has opted out. */
function transcriptionOf({ session, transcription }: ConnectTranslationOptions) {
  const isSet = transcription !== undefined || session?.audio?.input?.transcription !== undefined;
  return isSet ? transcription : { model: DEFAULT_SOURCE_TRANSCRIPTION };
}

async function open(
  options: ConnectTranslationOptions & { readonly signal: AbortSignal },
  url: URL | undefined,
  config: TranslationSessionConfig,
): Promise<RealtimeTranslation> {
  const { clock, recovery, signal, timeoutMs, transport } = options;
  const dial = (signal: AbortSignal) => openTransport(url!, { ...options, signal, codec: translationCodec }, toDialer);
  const line = new TranslationLine(transport ?? await dial(signal), clock);
  const stopListening = onAbort(signal, () => void line.close());
  try {
    signal.throwIfAborted();
    const translation = new RealtimeTranslation(line, options);
    await line.begun;
    await line.update(config);
    line.isReady = true;
    if (canReopen(options)) line.recover({ ...recovery || undefined, timeoutMs, open: dial });
    // From here on, an abort must not end the line of a translation that the caller receives.
    stopListening();
    return translation;
  } catch (error) {
    const closing = line.close();
    if (error instanceof ConnectionError) throw line.complaint ? refused(line.url, line.complaint, error.close) : error;
    if (!(error instanceof RealtimeApiError) || error.eventId !== undefined) throw error;
    // A server that rejects a session may not wait for the first command, which its error then seems to reject.
    const close = await closing;
    throw close.code >= 3000 ? refused(line.url, error, close) : error;
  }
}

/** The server accepts the handshake even of sessions that it rejects: it then sends an error and closes. */
function refused(url: string, refusal: RealtimeApiError, close: ConnectionError["close"]): ConnectionError {
  const message = `Cannot connect to ${url} as the server refused the session: ${refusal.message}`;
  return new ConnectionError(message, { kind: "refused", url, close, cause: refusal });
}
