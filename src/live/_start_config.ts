// This module is browser compatible.
import { toBackendTools } from "../_tools/backend_tools.ts";
import type { LiveDelegationConfig, LiveResponsesConfig, LiveSessionConfig } from "../protocol/mod.ts";
import type { ConnectLiveOptions } from "./live_options.ts";

/** Default model. */
const DEFAULT_MODEL = "gpt-live-1";

/**
 * The settings of `session.start`.
 *
 * @throws {TypeError} when the options contradict each other.
 */
export function startConfig(options: ConnectLiveOptions): LiveSessionConfig {
  const { azure, format, history, instructions, model, safetyIdentifier, session = {}, store, voice } = options;
  const { audio } = session;
  return {
    ...session,
    model: azure?.deployment ?? model ?? session.model ?? DEFAULT_MODEL,
    audio: (format ?? voice) === undefined ? audio : {
      ...audio,
      ...format && { format },
      ...voice !== undefined && { output: { ...audio?.output, voice } },
    },
    instructions: instructions ?? session.instructions,
    input: history ?? session.input,
    delegation: delegationOf(options) ?? session.delegation,
    store: store ?? session.store,
    safety_identifier: safetyIdentifier ?? session.safety_identifier,
  };
}

function delegationOf(
  { apiKey, backend, delegation, session, tools = [], url }: ConnectLiveOptions,
): LiveDelegationConfig | null | undefined {
  const given = delegation ?? session?.delegation;
  if (backend !== undefined && given) {
    throw new TypeError("Cannot connect as only one of backend and delegation may be given");
  }
  const responses: LiveResponsesConfig | undefined = typeof backend === "string" ? { model: backend } : backend;
  const config = responses === undefined ? given : { type: "responses", responses } as const;
  // A relay's own policy may have a backend.
  if (tools.length === 0 || url && !apiKey && !config) return config;
  if (config?.type !== "responses") {
    throw new TypeError("Cannot connect as tools need a backend: the voice model calls none");
  }
  const hosted = config.responses.tools ?? [];
  return { ...config, responses: { ...config.responses, tools: [...hosted, ...toBackendTools(tools)] } };
}
