import { assert, assertEquals } from "@std/assert";
import { randomFrom } from "../../_random.ts";
import { CheckedConversation } from "./_conversation_checks.ts";
import { type Frame, responseCreated, responseDone } from "../_fake_server.ts";

const RUNS = 1500;

/** Variations between servers, within those of real ones. */
interface Manners {
  /** Whether it names predecessors; else they are null, and items come in order. */
  readonly names: boolean;
  readonly announcement: "conversation.item.added" | "conversation.item.created";
  readonly tellsOutputItems: boolean;
  readonly tellsItemDone: boolean;
  readonly tellsCommitted: boolean;
  readonly transcribes: boolean;
  readonly leavesOut: readonly string[];
}

interface Expected {
  readonly id: string;
  readonly text: string;
  readonly transcription?: "none" | "final" | "failed";
}

class RandomServer {
  readonly expected: Expected[] = [];
  readonly manners: Manners;
  readonly #below: (end: number) => number;
  readonly #lanes: Frame[][] = [];
  /** All responses of the conversation: one after the other. */
  readonly #responses: Frame[] = [];
  #previous: string | null = null;
  #count = 0;

  constructor(seed: number) {
    const next = randomFrom(seed);
    this.#below = (end) => Math.floor(next() * end);
    const maybe = () => this.#below(2) === 0;
    this.manners = {
      names: maybe(),
      announcement: maybe() ? "conversation.item.added" : "conversation.item.created",
      tellsOutputItems: maybe(),
      tellsItemDone: maybe(),
      tellsCommitted: maybe(),
      transcribes: maybe(),
      leavesOut: ["status", "object", "content"].filter(() => this.#below(4) === 0),
    };
  }

  /** All events, in an order in which they may arrive. */
  run(): Frame[] {
    const transcription = this.manners.transcribes ? { model: "scribe" } : null;
    for (let turn = 0; turn < 6; turn++) {
      [
        () => this.#text(),
        () => this.#speech(),
        () => this.#response(),
        () => this.#outside(),
        () => this.#doomed(),
      ][this.#below(5)]!();
    }
    const lanes = [...this.#lanes, this.#responses];
    const first = { type: "session.updated", session: { audio: { input: { transcription } } } };
    return [first, ...this.manners.names ? this.#merge(lanes) : lanes.flat()];
  }

  #maybe<T>(...values: T[]): T[] {
    return this.#below(2) === 0 ? values : [];
  }

  #id(): string {
    return `item_${this.#count++}`;
  }

  #words(): string[] {
    return Array.from({ length: 1 + this.#below(3) }, () => ` word${this.#below(100)}`);
  }

  /** Events of several streams, each in its own order. */
  #merge(streams: readonly Frame[][]): Frame[] {
    const rest = streams.map((stream) => [...stream]).filter((stream) => stream.length > 0);
    const merged: Frame[] = [];
    while (rest.length > 0) {
      const index = this.#below(rest.length);
      merged.push(rest[index]!.shift()!);
      if (rest[index]!.length === 0) rest.splice(index, 1);
    }
    return merged;
  }

  /** Without predecessors the place is the order of arrival, so that nothing else may overtake. */
  #lane(events: Frame[]): void {
    if (this.manners.names) this.#lanes.push(events);
    else this.#responses.push(...events);
  }

  #strip(item: Frame): Frame {
    return Object.fromEntries(Object.entries(item).filter(([name]) => !this.manners.leavesOut.includes(name)));
  }

  /** The announcement of an item, and its place. */
  #place(item: Frame, isLast = true): Frame {
    const { names, announcement } = this.manners;
    const previous_item_id = names ? this.#previous : null;
    if (isLast) this.#previous = item.id;
    return { type: announcement, previous_item_id, item };
  }

  #ends(item: Frame): Frame[] {
    const end = { type: "conversation.item.done", previous_item_id: null, item };
    return this.manners.tellsItemDone ? [end, ...this.#maybe(end)] : [];
  }

  #text(): void {
    const id = this.#id();
    const content = [{ type: "input_text", text: `Text of ${id}` }];
    const item = { id, object: "realtime.item", type: "message", status: "completed", role: "user", content };
    this.expected.push({ id, text: content[0]!.text });
    this.#lane([this.#place(item), ...this.#ends(item)]);
  }

  /** An item that is deleted in the end. Nothing is put behind it. */
  #doomed(): void {
    const item = { id: this.#id(), type: "message", status: "completed", role: "user", content: [] };
    this.#lane([this.#place(item, false), { type: "conversation.item.deleted", item_id: item.id }]);
  }

  #speech(): void {
    const id = this.#id();
    const { names, transcribes, tellsCommitted } = this.manners;
    const content = [{ type: "input_audio", transcript: null }];
    const item = { id, object: "realtime.item", type: "message", status: "completed", role: "user", content };
    const committed = {
      type: "input_audio_buffer.committed",
      previous_item_id: names ? this.#previous : null,
      item_id: id,
    };
    const events = [...tellsCommitted ? [committed] : [], this.#place(item), ...this.#ends(item)];
    const type = "conversation.item.input_audio_transcription";
    const words = this.#words();
    const fails = this.#below(4) === 0;
    const end = fails
      ? { type: `${type}.failed`, item_id: id, content_index: 0, error: { message: "Too quiet" } }
      : { type: `${type}.completed`, item_id: id, content_index: 0, transcript: `${words.join("").trim()}!` };
    const deltas = words.map((delta) => ({ type: `${type}.delta`, item_id: id, content_index: 0, delta }));
    const transcript = [...deltas, end, ...this.#maybe(end)];
    const text = !transcribes ? "" : fails ? words.join("") : `${words.join("").trim()}!`;
    this.expected.push({ id, text, transcription: !transcribes ? "none" : fails ? "failed" : "final" });
    const all = transcribes ? [events, transcript] : [events];
    // The place is the order in which the first events arrive.
    this.#lane(this.#merge(all));
  }

  #response(): void {
    const responseId = `resp_${this.#count++}`;
    const outputs = Array.from({ length: 1 + this.#below(2) }, () => this.#below(2) ? this.#answer() : this.#call());
    const streams = outputs.map(({ events }) => events.map((event) => ({ ...event, response_id: responseId })));
    const output = this.#below(4) === 0 ? [] : outputs.map(({ item }) => item);
    const done = responseDone(responseId, { output });
    const merged = this.manners.names ? this.#merge(streams) : streams.flat();
    this.#responses.push(...this.#maybe(responseCreated(responseId)), ...merged, done, ...this.#maybe(done));
  }

  #answer(): { item: Frame; events: Frame[] } {
    const id = this.#id();
    const words = this.#words();
    const text = words.join("");
    const [kind, field, type] = this.#below(2)
      ? ["response.output_text", "text", "output_text"] as const
      : ["response.output_audio_transcript", "transcript", "output_audio"] as const;
    const begun = {
      id,
      object: "realtime.item",
      type: "message",
      status: "in_progress",
      role: "assistant",
      content: [],
    };
    const item = { ...begun, status: "completed", content: [{ type, [field]: text }] };
    this.expected.push({ id, text });
    const deltas = words.map((delta) => ({ type: `${kind}.delta`, item_id: id, content_index: 0, delta }));
    const end = { type: `${kind}.done`, item_id: id, content_index: 0, [field]: text };
    const audio = { type: "response.output_audio.delta", item_id: id, delta: "AAAA" };
    return { item, events: this.#made(begun, item, [...deltas, ...this.#maybe(audio), ...this.#maybe(end, end)]) };
  }

  #call(): { item: Frame; events: Frame[] } {
    const id = this.#id();
    const call = { type: "function_call", name: "sum", call_id: `call_${id}` };
    const begun = { id, object: "realtime.item", ...call, status: "in_progress", arguments: "" };
    const item = { ...begun, status: "completed", arguments: '{"a":1}' };
    this.expected.push({ id, text: item.arguments });
    const type = "response.function_call_arguments";
    const parts = ['{"a"', ":1}"].map((delta) => ({ type: `${type}.delta`, item_id: id, delta }));
    const end = { type: `${type}.done`, item_id: id, name: "sum", call_id: item.call_id, arguments: item.arguments };
    return { item, events: this.#made(begun, item, [...parts, ...this.#maybe(end)]) };
  }

  #made(begun: Frame, item: Frame, words: Frame[]): Frame[] {
    const { tellsOutputItems } = this.manners;
    const start = this.#strip(begun);
    const added = tellsOutputItems ? [{ type: "response.output_item.added", item: start }] : [];
    const done = tellsOutputItems ? [{ type: "response.output_item.done", item: this.#strip(item) }] : [];
    const place = this.#place(start);
    return [...added, place, ...words, ...this.#ends(item), ...done];
  }

  /** An out-of-band response. */
  #outside(): void {
    const responseId = `resp_${this.#count++}`;
    const content = [{ type: "output_text", text: "secret" }];
    const item = { id: this.#id(), type: "message", status: "completed", role: "assistant", content };
    const about = { response_id: responseId, item_id: item.id };
    const done = responseDone(responseId, { output: [item], conversation_id: null });
    this.#lanes.push([
      ...this.#maybe(responseCreated(responseId, null, null)),
      { type: "response.output_item.added", response_id: responseId, item: { ...item, content: [] } },
      { type: "response.output_text.delta", ...about, delta: "secret" },
      { type: "response.output_item.done", response_id: responseId, item },
      done,
      ...this.#maybe(done),
    ]);
  }
}

Deno.test(`conversation view is correct after every event of ${RUNS} random conversations`, () => {
  for (let seed = 1; seed <= RUNS; seed++) {
    const server = new RandomServer(seed);
    const events = server.run();
    const checked = new CheckedConversation();
    try {
      checked.receive(...events);
      const { expected } = server;
      assertEquals(checked.entries.map(({ id, text }) => [id, text]), expected.map(({ id, text }) => [id, text]));
      for (const [index, { id, final, transcription, interrupted }] of checked.entries.entries()) {
        assert(final && !interrupted, `${id} is not final`);
        assertEquals(transcription, expected[index]!.transcription ?? "none", id);
      }
    } catch (error) {
      const trail = events.map((event) => JSON.stringify(event)).join("\n");
      throw new Error(`Seed ${seed} ${JSON.stringify(server.manners)}\n${trail}`, { cause: error });
    }
  }
});
