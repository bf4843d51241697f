import type { OverridableField } from "@oai-rt/edge/hono";
import type { LiveSessionConfig, RealtimeSessionConfig } from "@oai-rt/edge/protocol";

/** Settings that the page may change; the page has the same list. */
export const PAGE_MAY_SET: readonly OverridableField[] = [
  "audio.input.turn_detection",
  "audio.output.voice",
];

/** The server's policy for sessions of the Live API, at `/live`. */
export const LIVE_POLICY: LiveSessionConfig = {
  model: "gpt-live-1",
  instructions: "You are a warm, brief host.",
};

/** The server's policy. The page runs the tool. */
export const POLICY: RealtimeSessionConfig = {
  type: "realtime",
  model: "gpt-realtime-2.1",
  instructions: "You are a warm, brief host. Use get_weather for questions about the weather.",
  audio: {
    input: { transcription: { model: "gpt-4o-mini-transcribe" }, turn_detection: { type: "server_vad" } },
    output: { voice: "marin" },
  },
  tools: [
    {
      type: "function",
      name: "get_weather",
      description: "Look up today's weather in a city.",
      parameters: {
        type: "object",
        properties: { city: { type: "string", description: "Name of the city" } },
        required: ["city"],
        additionalProperties: false,
      },
    },
  ],
};
