import { assert, assertEquals } from "@std/assert";
import { randomFrom } from "../../_random.ts";
import { CheckedConversation } from "./_conversation_checks.ts";
import type { Frame } from "../_fake_server.ts";

const TRACES = new URL("../../../../shared/traces/", import.meta.url);

async function traces(): Promise<readonly string[]> {
  try {
    const files = await Array.fromAsync(Deno.readDir(TRACES));
    return files.map(({ name }) => name).filter((name) => name.endsWith(".jsonl")).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

async function readTrace(name: string): Promise<readonly { readonly dir: string; readonly event: Frame }[]> {
  const text = await Deno.readTextFile(new URL(name, TRACES));
  return text.trim().split("\n").map((line) => JSON.parse(line)).filter(({ event }) => event);
}

/** Ids of the items in the order in which they are announced, which is that of every recording. */
function announced(events: readonly Frame[]): string[] {
  const items = events.filter(({ type }) => /^conversation\.item\.(added|created)$/.test(type)).map(({ item }) =>
    item.id
  );
  return [...new Set(items)];
}

/** The text of each item at the end. */
function lastWords(events: readonly Frame[], id: string): string | undefined {
  const heard = events.findLast(({ type, item_id }) => /transcription\.completed$/.test(type) && item_id === id);
  if (heard) return heard.transcript;
  const outputs = events.flatMap(({ item, response }) => [item, ...response?.output ?? []]).filter((it) =>
    it?.id === id
  );
  const words = outputs.map(({ content, output, arguments: args }: Frame) =>
    content?.map((part: Frame) => part.text ?? part.transcript ?? "").join("\n") || output || args
  );
  return words.findLast((text: string) => text);
}

for (const name of await traces()) {
  Deno.test(`conversation view is correct after every event of ${name}`, async () => {
    const lines = await readTrace(name);
    const events = lines.filter(({ dir }) => dir === "recv").map(({ event }) => event);
    const checked = new CheckedConversation();
    for (const { dir, event } of lines) {
      if (dir === "sent") checked.store.send(event);
      else checked.receive(event);
    }
    assertEquals(checked.entries.map(({ id }) => id), announced(events));
    for (const { id, text, final, interrupted } of checked.entries) {
      assertEquals(text, lastWords(events, id), id);
      assert(final && !interrupted, `${id} is not final`);
    }
    // Final events that arrive a second time change nothing.
    const before = checked.entries;
    checked.receive(
      ...events.filter(({ type, status }) => /\.(done|completed)$/.test(type) && status !== "in_progress"),
    );
    assert(checked.entries === before);
  });
}

/** The value with one field, somewhere in it, replaced or omitted. */
function mutate(value: unknown, below: (end: number) => number): unknown {
  if (typeof value !== "object" || value === null || below(4) === 0) {
    // The texts are all different, as they may become ids.
    return [undefined, null, -1, 1e9, "", `x${below(1e9)}`, [], {}, [null], true][below(10)];
  }
  const keys = Object.keys(value);
  if (keys.length === 0) return null;
  const key = keys[below(keys.length)]!;
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  copy[key] = mutate(copy[key], below);
  return copy;
}

Deno.test("conversation view stays valid whatever event fields are missing or malformed", async () => {
  const files = await Promise.all((await traces()).map(readTrace));
  const next = randomFrom(7);
  const below = (end: number) => Math.floor(next() * end);
  for (let run = 0; run < 400 && files.length > 0; run++) {
    const lines = files[run % files.length]!;
    const checked = new CheckedConversation();
    for (const { dir, event } of lines) {
      if (dir === "sent") checked.store.send(event);
      else {
        const { type, ...fields } = event;
        const broken = below(3) === 0 ? mutate(fields, below) : fields;
        checked.receive({ ...typeof broken === "object" ? broken : {}, type });
      }
      checked.store.export();
    }
  }
});
