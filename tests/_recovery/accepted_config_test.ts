import { assertEquals } from "@std/assert";
import { AcceptedConfig } from "../../src/_recovery/accepted_config.ts";

/** The configuration after these changes. */
function after(...changes: readonly Readonly<Record<string, unknown>>[]): unknown {
  const accepted = new AcceptedConfig();
  for (const session of changes) accepted.add({ type: "session.update", session });
  return accepted.value;
}

Deno.test("AcceptedConfig merges the settings of the audio by field, unless their type changes", () => {
  const input = { format: { type: "audio/pcm", rate: 24_000 }, turn_detection: { type: "server_vad", threshold: 0.3 } };
  const changes = [
    [{ turn_detection: { type: "server_vad", idle_timeout_ms: 6000 } }, {
      ...input,
      turn_detection: { type: "server_vad", threshold: 0.3, idle_timeout_ms: 6000 },
    }],
    [{ turn_detection: { type: "semantic_vad" } }, { ...input, turn_detection: { type: "semantic_vad" } }],
    [{ turn_detection: null, format: undefined }, { ...input, turn_detection: null }],
    [{ format: { type: "audio/pcmu" } }, { ...input, format: { type: "audio/pcmu" } }],
    [{ transcription: { language: "en" } }, { ...input, transcription: { language: "en" } }],
  ] as const;
  for (const [change, expected] of changes) {
    const output = { voice: "marin" };
    const config = after({ type: "realtime", audio: { input, output } }, { audio: { input: change } });
    assertEquals(config, { type: "realtime", audio: { input: expected, output } });
  }
});

Deno.test("AcceptedConfig keeps the strength of the noise reduction when only its type changes", () => {
  const configOf = (noise_reduction: object | null) => ({ audio: { input: { noise_reduction } } });
  const far = configOf({ type: "far_field" });
  const before = configOf({ type: "near_field", strength: 0.3 });
  assertEquals(after(before, far), configOf({ type: "far_field", strength: 0.3 }));
  assertEquals(after(before, configOf(null), far), far);
});

Deno.test("AcceptedConfig replaces all other settings as a whole", () => {
  const before = {
    instructions: "Be brief.",
    prompt: { id: "pmpt_1", version: "2", variables: { name: "Ada" } },
    truncation: { type: "retention_ratio", retention_ratio: 0.8, token_limits: { post_instructions: 5000 } },
    tracing: { workflow_name: "a", metadata: { input: "x" } },
  };
  const change = {
    prompt: { id: "pmpt_1", variables: { city: "Paris" } },
    truncation: { type: "retention_ratio", retention_ratio: 0.5 },
    tracing: { group_id: "g" },
  };
  assertEquals(after(before, change), { ...before, ...change });
});
