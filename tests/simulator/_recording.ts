import type { Brain, PlannedOutput, ReplyPlan } from "../../src/simulator/brain.ts";
import type { Frame } from "./_client.ts";
import { tone } from "./_sound.ts";

/** One line of a recording. */
export interface RecordedLine {
  readonly dir: "recv" | "sent";
  readonly event: Frame;
}

/** Reads a recording of the real server; `undefined` where the recordings are not at hand. */
export async function readRecording(name: string): Promise<readonly RecordedLine[] | undefined> {
  const url = new URL(`../../../shared/traces/${name}.jsonl`, import.meta.url);
  try {
    const text = await Deno.readTextFile(url);
    return text.trim().split("\n").map((line) => JSON.parse(line));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

interface RecordedItem {
  readonly type: string;
  readonly name?: string;
  readonly arguments?: string;
  readonly phase?: "commentary" | "final_answer";
  readonly content?: readonly { readonly text?: string; readonly transcript?: string }[];
}

/** A mind that says what the model of a recording said, and hears what it heard. */
export function brainOf(lines: readonly RecordedLine[]): Brain {
  const received = lines.filter(({ dir }) => dir === "recv").map(({ event }) => event);
  const plans = received.filter(({ type }) => type === "response.done").map((event) => planOf(event));
  const heard = received.find(({ type }) => type === "conversation.item.input_audio_transcription.completed");
  let next = 0;
  return {
    hear: () => String(heard?.transcript ?? ""),
    reply: () => plans[next++] ?? { outputs: [] },
  };
}

function planOf({ response }: Frame): ReplyPlan {
  const { output, usage } = response as {
    readonly output: readonly RecordedItem[];
    readonly usage: { readonly output_token_details: { readonly audio_tokens: number } };
  };
  const audio = tone(usage.output_token_details.audio_tokens * 50);
  return {
    outputs: output.map(({ type, name, arguments: json, phase, content }): PlannedOutput =>
      type === "function_call"
        ? { type, name: name ?? "", arguments: json ?? "" }
        : { type: "message", text: content?.[0]?.text ?? content?.[0]?.transcript ?? "", audio, phase }
    ),
  };
}

/** The paths of all fields of an event, down to the values. */
export function fieldsOf(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((entry) => fieldsOf(entry, `${path}[]`));
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, entry]) => fieldsOf(entry, path ? `${path}.${key}` : key)).sort();
}

/**
 * Types of events in order, those of deltas where they first occur: for the session, for each response and for each
 * item. How deltas of audio and of words alternate is a matter of the moment.
 */
export function storiesOf(frames: readonly Frame[]): string[][] {
  const stories = new Map<string, string[]>();
  for (const frame of frames) {
    for (const id of idsOf(frame)) {
      const story = stories.get(id) ?? [];
      stories.set(id, story);
      if (!frame.type.endsWith(".delta") || !story.includes(frame.type)) story.push(frame.type);
    }
  }
  return [...stories.values()];
}

function idsOf(frame: Frame): string[] {
  const { item, item_id, response, response_id } = frame as {
    readonly item?: { readonly id: string };
    readonly item_id?: string;
    readonly response?: { readonly id: string };
    readonly response_id?: string;
  };
  const ids = [item_id ?? item?.id, response_id ?? response?.id].filter((id) => id !== undefined);
  return ids.length > 0 ? ids : ["session"];
}
