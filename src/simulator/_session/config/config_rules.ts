// This module is browser compatible.
import type {
  RealtimeSessionConfig,
  Reasoning,
  ResponseConfig,
  SessionConfig,
  TranscriptionConfig,
} from "../../../protocol/mod.ts";
import { invalidValue, serverError } from "../../_errors/server_error.ts";
import type { NewerNames } from "../../newer_names.ts";
import type { ServerProfile } from "../../server_profile.ts";
import { canReason } from "./models.ts";

/** In the order in which the server lists them. */
const VOICES = ["alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar"];
const TRANSCRIPTION_MODELS = [
  "whisper-1",
  "gpt-transcribe",
  "gpt-live-transcribe",
  "gpt-4o-mini-transcribe",
  "gpt-4o-mini-transcribe-2025-12-15",
  "gpt-4o-transcribe",
  "gpt-4o-transcribe-diarize",
  "gpt-realtime-whisper",
];

/** Rules of configuration that only the server checks: they depend on it, or on the model. */
export class ConfigRules {
  readonly #profile: ServerProfile;
  readonly #voices: readonly string[];
  readonly #transcriptionModels: readonly string[];
  readonly #reasoningModels: readonly string[];

  constructor(profile: ServerProfile, names: NewerNames = {}) {
    const { reasoningModels = [], transcriptionModels = [], voices = [] } = names;
    this.#profile = profile;
    this.#voices = [...VOICES, ...voices];
    this.#reasoningModels = reasoningModels;
    this.#transcriptionModels = [...TRANSCRIPTION_MODELS, ...transcriptionModels];
  }

  /** Whether turn detection is on by default. */
  get findsTurns(): boolean {
    return this.#profile.findsTurns;
  }

  /** The default voice of a session, given that of the model. */
  voiceFor(modelVoice: string): string {
    return this.#profile.defaultVoice || modelVoice;
  }

  /**
   * Checks a change of a session.
   *
   * @throws {ServerError} when the server rejects it as a whole.
   */
  checkSession(
    change: SessionConfig,
    model: string | null | undefined,
  ): void {
    this.checkTranscription(change.audio?.input?.transcription);
    if (change.type !== "realtime") return;
    this.#assertModelStays(change.model, model);
    this.#checkOutput(change, "session", model);
  }

  /**
   * Checks the transcription settings of a session of any type.
   *
   * @throws {ServerError} when the server rejects it.
   */
  checkTranscription(transcription: TranscriptionConfig | null | undefined): void {
    const { delay, model } = transcription ?? {};
    if (delay !== undefined && !this.#profile.acceptsTranscriptionDelay) throw serverError("no_transcription_delay");
    if (model === undefined) return;
    this.#assertKnown(model, this.#transcriptionModels, "session.audio.input.transcription.model");
  }

  /**
   * Checks the settings of a response.
   *
   * @throws {ServerError} when the server rejects it.
   */
  checkResponse(config: ResponseConfig, model: string | null | undefined): void {
    this.#checkOutput(config, "response", model);
  }

  #checkOutput(
    { audio, reasoning }: RealtimeSessionConfig | ResponseConfig,
    path: "response" | "session",
    model: string | null | undefined,
  ): void {
    const { voice } = audio?.output ?? {};
    if (typeof voice === "string") this.#assertKnown(voice, this.#voices, `${path}.audio.output.voice`);
    this.#assertReasons(reasoning, path, model);
  }

  /** Elsewhere the address names a deployment, or an alias: which model that is, only the server knows. */
  #assertModelStays(asked: string | null | undefined, model: string | null | undefined): void {
    if (!this.#profile.checksNames || (asked ?? model) === model) return;
    throw serverError("model_fixed", { model });
  }

  /** Models without reasoning reject its settings. */
  #assertReasons(reasoning: Reasoning | null | undefined, path: string, model: string | null | undefined): void {
    if (!reasoning || !model || !this.#profile.checksNames) return;
    if (canReason(model) || this.#reasoningModels.includes(model)) return;
    throw serverError("no_reasoning", { model, param: `${path}.reasoning` });
  }

  #assertKnown(name: string, known: readonly string[], param: string): void {
    if (this.#profile.checksNames && !known.includes(name)) throw invalidValue(param, name, known);
  }
}
