// This module is browser compatible.
import { LazyMap } from "../../_internal/lazy_collections.ts";
import { asString, at, isRecord, stringAt, type WireEvent } from "../../_internal/wire.ts";
import { evictOldest } from "../../_internal/evict_oldest.ts";
import { type UsageLine, usageLines } from "../usage.ts";

/** Number of responses and transcriptions remembered; a repeated end of an older one counts again. */
const MAX_COUNTED = 256;

/**
 * Adds up the usage of a session: once per response, by its id, and once per transcription, by item and content index.
 * When the end of one arrives again with a different usage, the newer value replaces the older one.
 */
export class UsageMeter {
  readonly #counted = new LazyMap<string, readonly UsageLine[]>();
  #total: readonly UsageLine[] = [];

  /** The usage so far: one line per model, direction and modality, and for cached tokens. */
  get total(): readonly UsageLine[] {
    return this.#total;
  }

  /** Processes a server event, in a session with this configuration. */
  receive(event: WireEvent, config: unknown): void {
    const count = countOf(event, config);
    if (!count || count.lines.length === 0) return;
    const { key, lines } = count;
    const before = key === undefined ? [] : this.#counted.get(key) ?? [];
    if (key !== undefined) this.#counted.set(key, lines);
    evictOldest(this.#counted, MAX_COUNTED);
    const sum = addLines(addLines(this.#total, before, -1), lines, 1);
    this.#total = sum.filter(({ tokens, seconds }) => tokens > 0 || seconds > 0);
  }
}

/** The usage in an event, and the key by which it counts once. */
function countOf(event: WireEvent, config: unknown) {
  if (event.type === "response.done") {
    const id = stringAt(event.response, "id") ?? asString(event.response_id);
    const inside = at(event.response, "usage");
    // xAI sends the usage beside the response, and an empty one inside.
    const usage = isRecord(inside) && Object.keys(inside).length > 0 ? inside : event.usage;
    return { key: id ? `response ${id}` : undefined, lines: usageLines(usage, stringAt(config, "model") ?? "") };
  }
  if (event.type !== "conversation.item.input_audio_transcription.completed") return undefined;
  const itemId = asString(event.item_id);
  const model = stringAt(config, "audio", "input", "transcription", "model") ??
    stringAt(config, "input_audio_transcription", "model") ?? "";
  return {
    key: itemId ? `item ${itemId} ${event.content_index ?? 0}` : undefined,
    lines: usageLines(event.usage, model),
  };
}

function addLines(total: readonly UsageLine[], lines: readonly UsageLine[], sign: 1 | -1): readonly UsageLine[] {
  const sum = [...total];
  for (const line of lines) {
    const index = sum.findIndex((other) =>
      (["model", "direction", "modality", "cached"] as const).every((name) => other[name] === line[name])
    );
    const { tokens = 0, seconds = 0 } = sum[index] ?? {};
    const added = { ...line, tokens: tokens + sign * line.tokens, seconds: seconds + sign * line.seconds };
    if (index < 0) sum.push(added);
    else sum[index] = added;
  }
  return sum;
}
