/** The dialect of Azure Voice Live: the names of the API's beta, and a flat session. */
import type { Dialect, DialectFrame } from "@oai-rt/edge";

type Fields = DialectFrame;

/** Paths of session and response fields in our protocol, and their names in the dialect. */
const FIELDS: readonly (readonly [path: readonly string[], theirs: string])[] = [
  [["output_modalities"], "modalities"],
  [["max_output_tokens"], "max_response_output_tokens"],
  [["audio", "input", "format"], "input_audio_format"],
  [["audio", "input", "noise_reduction"], "input_audio_noise_reduction"],
  [["audio", "input", "transcription"], "input_audio_transcription"],
  [["audio", "input", "turn_detection"], "turn_detection"],
  [["audio", "output", "format"], "output_audio_format"],
  [["audio", "output", "voice"], "voice"],
];

type Pairs = readonly (readonly [ours: unknown, theirs: unknown])[];

const MODALITIES: Pairs = [[["audio"], ["text", "audio"]], [["text"], ["text"]]];
const FORMATS: Pairs = [
  [{ type: "audio/pcm", rate: 24_000 }, "pcm16"],
  [{ type: "audio/pcmu" }, "g711_ulaw"],
  [{ type: "audio/pcma" }, "g711_alaw"],
];

/** Values that are written in another way, by the name of their field over there. */
const VALUES: Readonly<Record<string, Pairs>> = {
  modalities: MODALITIES,
  input_audio_format: FORMATS,
  output_audio_format: FORMATS,
};

/** Events with different names in the beta. */
const EVENTS: readonly (readonly [theirs: RegExp, ours: string])[] = [
  [/^response\.(text|audio|audio_transcript)\.(delta|done)$/, "response.output_$1.$2"],
  [/^conversation\.item\.created$/, "conversation.item.added"],
];

/** The names and shapes of Azure Voice Live. */
export const VOICE_LIVE: Dialect = {
  toServer(frame) {
    const { type, session, response, item } = frame;
    if (type === "session.update") return { ...frame, session: flatten(fields(session)) };
    if (type === "response.create" && response) return { ...frame, response: flatten(fields(response)) };
    return item ? { ...frame, item: renameParts(item, /^output_/, "") } : frame;
  },
  fromServer(frame) {
    let type = String(frame.type);
    for (const [theirs, ours] of EVENTS) type = type.replace(theirs, ours);
    const named = frame.item
      ? { ...frame, type, item: renameParts(frame.item, /^(?=(text|audio)$)/, "output_") }
      : { ...frame, type };
    return /^session\.(created|updated)$/.test(type) ? { ...named, session: nest(fields(frame.session)) } : named;
  },
};

/** A session of our protocol as they write it. */
function flatten(session: Fields): Fields {
  const { type: _type, audio: _audio, ...flat }: Record<string, unknown> = session;
  for (const [path, theirs] of FIELDS) {
    const value = path.reduce<unknown>((at, name) => fields(at)[name], session);
    if (path.length === 1) delete flat[path[0]!];
    if (value !== undefined) flat[theirs] = translate(theirs, value, 0);
  }
  return flat;
}

/** A session of theirs in our protocol. */
function nest(flat: Fields): Fields {
  const audio: Record<string, Record<string, unknown>> = { input: {}, output: {} };
  const session: Record<string, unknown> = { ...flat, type: "realtime", audio };
  for (const [path, theirs] of FIELDS) {
    if (!(theirs in flat)) continue;
    delete session[theirs];
    const value = translate(theirs, flat[theirs], 1);
    const [name, direction, field] = path;
    if (field === undefined) session[name!] = value;
    else audio[direction!]![field] = value;
  }
  return session;
}

/** A value of a field, from our way of writing it (0) or from theirs (1); as it is when there is only one way. */
function translate(field: string, value: unknown, from: 0 | 1): unknown {
  const known = VALUES[field]?.find((pair) => JSON.stringify(pair[from]) === JSON.stringify(value));
  return known ? known[1 - from] : value;
}

/** An item with renamed content parts. */
function renameParts(item: unknown, from: RegExp, to: string): Fields {
  const { content } = fields(item);
  if (!Array.isArray(content)) return fields(item);
  return { ...fields(item), content: content.map((part) => ({ ...part, type: String(part.type).replace(from, to) })) };
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? value as Fields : {};
}
