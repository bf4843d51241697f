import type { ServerName } from "../../../src/simulator/server_profile.ts";
import type { Scenario, ScenarioResponse } from "../../../src/simulator/model/scenario.ts";
import type { ScenarioOutput } from "../../../src/simulator/model/scenario_output.ts";
import type { Frame } from "../_client.ts";
import { tone } from "../_sound.ts";

/** One line of a recording. */
export interface RecordedLine {
  readonly dir: "recv" | "sent";
  readonly event: Frame;
}

/** Folders of the recordings of the real server, if available, and of our own of the simulator. */
const REAL = new URL("../../../../shared/traces/", import.meta.url);
const OURS = new URL("../../fixtures/sessions/", import.meta.url);

/** The recorded sessions of real servers, with descriptions. */
export const RECORDED_SERVERS: ReadonlyMap<string, ServerName> = new Map([
  ["audio_in_server_vad_turn", "openai"],
  ["azure_audio_in_server_vad_transcribes", "azure"],
  ["azure_tool_call_round", "azure"],
  ["message_history_seeding", "openai"],
  ["text_in_audio_out_turn", "openai"],
  ["text_tool_round_parity_openai-current", "openai"],
  ["tool_call_round", "openai"],
  ["voice_live_tool_call_round", "voice-live"],
  ["webrtc_sideband_text_turn", "openai"],
  ["xai_audio_in_server_vad_turn", "xai"],
  ["xai_tool_call_round", "xai"],
]);

/** The recorded sessions of OpenAI's server. */
export const RECORDINGS: readonly string[] = [...RECORDED_SERVERS].filter(([, server]) => server === "openai").map((
  [name],
) => name);

/** Reads a recording of the real server; `undefined` where the recordings are not available. */
export async function readRecording(name: string): Promise<readonly RecordedLine[] | undefined> {
  try {
    return await read(new URL(`${name}.jsonl`, REAL));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Reads one of our own recordings. */
export function readOurRecording(name: string): Promise<readonly RecordedLine[]> {
  return read(new URL(`${name}.jsonl`, OURS));
}

async function read(url: URL): Promise<readonly RecordedLine[]> {
  const text = await Deno.readTextFile(url);
  return text.trim().split("\n").map((line) => JSON.parse(line));
}

interface RecordedItem {
  readonly type: string;
  readonly name?: string;
  readonly arguments?: string;
  readonly phase?: "commentary" | "final_answer";
  readonly content?: readonly { readonly text?: string; readonly transcript?: string }[];
}

interface RecordedUsage {
  readonly output_token_details?: { readonly audio_tokens: number };
}

/** The audio of both sides in a recorded session of one turn. */
export function scenarioOf(lines: readonly RecordedLine[]): Scenario {
  const received = lines.filter(({ dir }) => dir === "recv").map(({ event }) => event);
  const responses = received.filter(({ type }) => type === "response.done").map(responseOf);
  const heard = received.findLast(({ type }) => type === "conversation.item.input_audio_transcription.completed");
  return { turns: [{ user: heard && String(heard.transcript), responses }] };
}

function responseOf({ response, ...beside }: Frame): ScenarioResponse {
  const { output, usage } = response as { readonly output: readonly RecordedItem[]; readonly usage: RecordedUsage };
  // xAI reports the usage outside the response.
  const { output_token_details } = { ...beside.usage as RecordedUsage, ...usage };
  const audio = tone((output_token_details?.audio_tokens ?? 0) * 50);
  return {
    outputs: output.map(({ type, name, arguments: json, phase, content }): ScenarioOutput =>
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

/** The forms of all ids in events, by the objects that have them: random letters and UUIDs are all the same. */
export function idForms(value: unknown, owner = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((entry) => idForms(entry, owner));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) => {
    if (typeof field !== "string") return idForms(field, name);
    if (!/(?:^|_)id$/.test(name)) return [];
    const form = field.replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/, "<uuid>").replace(
      /\w{16,}$/,
      "<letters>",
    );
    return `${owner} ${name}: ${form}`;
  });
}

/** The names of all fields of an event in order, with those of the objects in it. */
export function orderOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(orderOf);
  if (typeof value !== "object" || value === null) return "";
  return Object.entries(value).map(([name, field]) => [name, orderOf(field)]);
}

/**
 * The events in order, with only the first delta of each type: for the session, for each response and for each item.
 * The order of audio deltas and word deltas varies between runs.
 */
export function framesBySequence<T extends Frame>(frames: readonly T[]): T[][] {
  const sequences = new Map<string, T[]>();
  for (const frame of frames) {
    for (const id of idsOf(frame)) {
      const sequence = sequences.get(id) ?? [];
      sequences.set(id, sequence);
      if (!frame.type.endsWith(".delta") || !sequence.some(({ type }) => type === frame.type)) sequence.push(frame);
    }
  }
  return [...sequences.values()];
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
