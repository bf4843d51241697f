// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import type { IdGenerator } from "../_internal/ids.ts";
import type { CreateSimulatedModel } from "./model/simulated_model.ts";
import type { Fault } from "./faults.ts";
import type { NewerNames } from "./newer_names.ts";
import type { RestFault } from "./rest_faults.ts";
import type { LiveSimulatorOptions } from "./live/live_simulator_options.ts";
import type { SimulatedLiveSession } from "./live/simulated_live_session.ts";
import type { Scenario } from "./model/scenario.ts";
import type { ServerName, ServerProfile } from "./server_profile.ts";
import type { SimulatedCall } from "./simulated_call.ts";
import type { SimulatedFrame, SimulatedSession } from "./simulated_session.ts";
import type { SimulatorLatency } from "./simulator_latency.ts";
import type { SimulatorPace } from "./simulator_pace.ts";
import type { Upgrade } from "./upgrade/upgrade.ts";

/**
 * Options of {@linkcode createSimulator}.
 *
 * @category Simulator
 */
export interface SimulatorOptions {
  /**
   * The script of the simulated model, from the beginning in each session.
   *
   * @default {the echo model, which answers anything}
   */
  readonly scenario?: Scenario | undefined;
  /** Creates the simulated model, one for each session; instead of `scenario`. */
  readonly createModel?: CreateSimulatedModel | undefined;
  /**
   * Source of time. With a clock that does not advance, no session begins; a warning appears on the console after two
   * seconds.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
  /**
   * Speed of the simulated model: `"realtime"` sends audio in real time, a number is a multiple of that, `"fast"` sends
   * without waiting. Audio arrives in bursts of 400 ms. At every pace each delta is sent in a separate call of the
   * clock, so that a cancel or an interruption takes effect before the rest is sent.
   *
   * @default {4}
   */
  readonly pace?: SimulatorPace | undefined;
  /**
   * The simulated server: one of {@linkcode SERVER_PROFILES} by its name, or a custom profile.
   *
   * @default {"openai"}
   */
  readonly server?: ServerName | ServerProfile | undefined;
  /**
   * Latency of the server, on its clock: `"none"` answers immediately, `"recorded"` takes the times of {@linkcode
   * RECORDED_LATENCY}, an object has its own times. Events of the Live API have others, in
   * {@linkcode LiveSimulatorOptions.latency}. With a clock that does not advance, nothing arrives; a warning
   * appears on the console after two seconds.
   *
   * @default {"none"}
   */
  readonly latency?: "none" | "recorded" | SimulatorLatency | undefined;
  /**
   * Creates identifiers from a prefix such as `item`.
   *
   * @default {random ones of the real server's length}
   */
  readonly ids?: IdGenerator | undefined;
  /**
   * Whether an API key is accepted. Client secrets that were minted here are always accepted, until they expire.
   *
   * @default {every key but those that start with "sk-invalid" or "ek_"}
   */
  readonly acceptsApiKey?: ((apiKey: string) => boolean) | undefined;
  /**
   * Whether a model exists for conversations, or for translation. It is not called for addresses of Azure's form, as a
   * deployment may have any name.
   *
   * @default {"gpt-" models with "realtime" or "audio" in their names, but for "translation" those with "translate"}
   */
  readonly acceptsModel?: ((model: string, kind: "realtime" | "translation") => boolean) | undefined;
  /**
   * Voices, transcription models and reasoning models that are newer than this version. The simulator rejects all other
   * unknown names, as the real server does, together with the whole `session.update` or client secret.
   *
   * @default {none}
   */
  readonly newerNames?: NewerNames | undefined;
  /**
   * Faults from the beginning in each session, or a function that returns those of a session; see {@linkcode Fault}.
   *
   * @default {[]}
   */
  readonly faults?: readonly Fault[] | ((session: SimulatedSession) => readonly Fault[]) | undefined;
  /**
   * Faults of requests to the REST API; see {@linkcode RestFault}.
   *
   * @default {[]}
   */
  readonly restFaults?: readonly RestFault[] | undefined;
  /**
   * Whether `conversation.created` announces conversations after `session.created`. The event is in the API reference,
   * but not in the recordings.
   *
   * @default {as the server does; OpenAI's does not}
   */
  readonly announcesConversation?: boolean | undefined;
  /**
   * Options of the Live API, which is served at `/v1/live/sessions`.
   *
   * @default {{}}
   */
  readonly live?: LiveSimulatorOptions | undefined;
  /** Called with every frame as it is received or sent; for logs and recordings. Must not throw. */
  readonly onFrame?: ((frame: SimulatedFrame) => void) | undefined;
  /**
   * Upgrades requests of {@linkcode Simulator.fetch} to WebSockets, see {@linkcode denoUpgrade}, {@linkcode bunUpgrade}
   * and {@linkcode workersUpgrade}. Without it they are answered with status 501.
   */
  readonly upgrade?: Upgrade | undefined;
  /**
   * Answers the SDP offer of a call, as a media peer that carries its audio: {@linkcode SimulatedCall.hear} takes
   * incoming audio, {@linkcode SimulatedCall.onAudio} provides outgoing audio, {@linkcode SimulatedCall.openChannel} is
   * the data channel. When it rejects, the call is answered with status 500 and ends. Without it, calls are answered
   * formally: they can be controlled, but carry no audio.
   */
  readonly answerSdp?: ((offer: string, call: SimulatedCall) => Promise<string>) | undefined;
  /**
   * Answers the SDP offer of a Live session, as `answerSdp` does for a call: {@linkcode SimulatedLiveSession} has the same
   * `hear`, `onAudio` and `openChannel`. Without it, offers are answered formally.
   */
  readonly answerLiveSdp?: ((offer: string, session: SimulatedLiveSession) => Promise<string>) | undefined;
}

/**
 * Options of {@linkcode Simulator.transport}.
 *
 * @category Simulator
 */
export interface SimulatorTransportOptions {
  /**
   * Model of the session.
   *
   * @default {"gpt-realtime-2.1", unless intent or callId is given}
   */
  readonly model?: string | undefined;
  /** `"transcription"` for a session that transcribes its input; in place of `model`. */
  readonly intent?: "transcription" | undefined;
  /** Identifier of the call whose session to join; in place of `model`. */
  readonly callId?: string | undefined;
  /**
   * API key; an empty one is a missing one.
   *
   * @default {"sk-simulator"}
   */
  readonly apiKey?: string | undefined;
  /** Headers of the handshake in addition to the key's. */
  readonly headers?: Headers | [name: string, value: string][] | Record<string, string> | undefined;
}
