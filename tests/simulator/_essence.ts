import type { Frame } from "./_client.ts";

/**
 * Inherent differences between the simulator and the real server, with the reasons. Fields are named by the end of
 * their path; their values are not compared, but their presence is.
 */
const DIFFERENT: ReadonlyMap<string, string> = new Map([
  ["event_id", "made anew each time"],
  ["obfuscation", "random"],
  ["delta", "words and audio are cut at other places; together they give the text that is compared where it is done"],
  ["audio_start_ms", "the speech is ours"],
  ["audio_end_ms", "the speech is ours"],
  ["seconds", "the speech is ours"],
  ["expires_at", "an hour from now"],
  ["remaining", "follows from the tokens"],
  ["reset_seconds", "follows from the tokens"],
  ["total_tokens", "the simulator has no tokenizer: four characters are a token"],
  ["input_tokens", "the same"],
  ["output_tokens", "the same"],
  ["text_tokens", "the same"],
  ["cached_tokens", "follows from the tokens"],
  ["output_audio_seconds", "the same"],
  ["billable_audio_seconds", "the same"],
  ["timestamp", "the time of day"],
  ["ts", "the time of day"],
  ["rid", "the id of an event"],
  ["latency", "the speed of the model"],
  ["audio_duration_ms", "audio is cut at other places"],
  ["start_time", "words are cut at other places"],
  ["audio_tokens", "of the user's audio, which is ours; the model's is as long as it was"],
]);

/** Ids, which differ each time. */
const ID = /^(?:(?:item|resp|call|conv|sess)_\w+|(?:call-)?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}(?:-0)?)$/;

/**
 * The common part of two sessions with the same content: events with ids in the order of their first appearance,
 * without inherent differences. The default instructions of a session are the server's own.
 */
export function essenceOf(frames: readonly Frame[], defaultInstructions?: unknown): Frame[] {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();

  function nameOf(id: string): string {
    const known = names.get(id);
    if (known) return known;
    const prefix = id.includes("_") ? id.slice(0, id.indexOf("_")) : "id";
    const count = (counts.get(prefix) ?? 0) + 1;
    counts.set(prefix, count);
    names.set(id, `${prefix} ${count}`);
    return `${prefix} ${count}`;
  }

  function essence(value: unknown, key: string): unknown {
    if (Array.isArray(value)) return value.map((each) => essence(each, key));
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, essence(each, name)]));
    }
    if (DIFFERENT.has(key)) return `(${typeof value})`;
    if (key === "instructions" && value === defaultInstructions) return "(default)";
    return typeof value === "string" && ID.test(value) ? nameOf(value) : value;
  }

  return frames.map((frame) => essence(frame, "") as Frame);
}
