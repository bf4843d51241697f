import { assert, assertEquals, assertGreater } from "@std/assert";
import {
  checkClientEvent,
  checkClientSecretRequest,
  checkClientSecretResponse,
  isKnownClientEvent,
  isKnownServerEvent,
  safeParseClientEvent,
  safeParseServerEvent,
  ServerEventSchema,
} from "../../src/protocol/mod.ts";
import * as v from "valibot";
import { clientFrames, framesOf, type Json, serverFrames } from "./_frames.ts";

interface Recording {
  readonly name: string;
  readonly received: readonly Json[];
  readonly sent: readonly Json[];
}

// Recordings of real servers, which are not part of the repository, are used where available.
const FOLDER = new URL("../../../shared/traces/", import.meta.url);

/** Recordings of servers that use a dialect: their events are read, but not checked against the documented types. */
const DIALECTS = /^(voice_live|xai)_/;

/** Event types in the recordings that are in no published type of the API. */
const FOREIGN_TYPES: ReadonlySet<string> = new Set([
  "conversation.item.input_audio_transcription.updated",
  "ping",
  "response.text.delta",
  "response.text.done",
]);

/** Fields sent by clients of other servers that OpenAI's API refuses. */
const FOREIGN_ISSUES = ["conversation.item.create item.call_id max_length", "session.update session.type required"];

async function readRecordings(): Promise<readonly Recording[]> {
  try {
    const recordings: Recording[] = [];
    for await (const { name } of Deno.readDir(FOLDER)) {
      if (!name.endsWith(".jsonl")) continue;
      const lines = (await Deno.readTextFile(new URL(name, FOLDER))).trim().split("\n").map((line) => JSON.parse(line));
      const going = (way: string) => lines.filter(({ dir }) => dir === way).map(({ event }) => event as Json);
      recordings.push({ name, received: going("recv"), sent: going("sent") });
    }
    return recordings;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return [{ name: "own fixtures", received: framesOf(serverFrames), sent: framesOf(clientFrames) }];
  }
}

const recordings = await readRecordings();
const real = recordings.filter(({ name }) => !DIALECTS.test(name));

Deno.test("safeParseServerEvent() returns every recorded event unchanged", () => {
  const received = recordings.flatMap((recording) => recording.received);
  assertGreater(received.length, 50);
  for (const frame of received) {
    const text = JSON.stringify(frame);
    const result = safeParseServerEvent(text);
    assert(result.ok, JSON.stringify(result));
    assertEquals(isKnownServerEvent(result.event), !FOREIGN_TYPES.has(frame.type), frame.type);
    assertEquals(result.event, JSON.parse(text));
  }
});

Deno.test("ServerEventSchema contains every field recorded from OpenAI and Azure, with its type", () => {
  for (const { name, received } of real) {
    for (const frame of received) assertEquals(v.safeParse(ServerEventSchema, frame).issues, undefined, name);
  }
});

Deno.test("checkClientEvent() accepts every event recorded on its way to OpenAI or Azure", () => {
  const sent = real.flatMap((recording) => recording.sent);
  assertGreater(sent.length, 20);
  for (const frame of sent) {
    assertEquals(checkClientEvent(frame), [], frame.type);
    const result = safeParseClientEvent(JSON.stringify(frame));
    assert(result.ok);
    assert(isKnownClientEvent(result.event), frame.type);
    assertEquals<unknown>(result.event, frame);
  }
});

Deno.test("checkClientEvent() names the fields of other servers' clients that OpenAI refuses", () => {
  const sent = recordings.filter(({ name }) => DIALECTS.test(name)).flatMap((recording) => recording.sent);
  const found = sent.flatMap((frame) =>
    checkClientEvent(frame).map(({ path, rule }) => `${frame.type} ${path} ${rule.kind}`)
  );
  assertEquals([...new Set(found)].sort(), sent.length > 0 ? FOREIGN_ISSUES : []);
});

Deno.test("checkClientSecretRequest() and checkClientSecretResponse() accept the recorded exchange", async () => {
  const recorded = recordings.length > 1
    ? await Deno.readTextFile(new URL("create_client_secret.http.json", FOLDER))
    : `[{"request":{"parsed_body":{}},"response":{"parsed_body":{"value":"ek_1","expires_at":1,"session":{"type":"x"}}}}]`;
  const [{ request, response }] = JSON.parse(recorded);
  assertEquals(checkClientSecretRequest(request.parsed_body), []);
  assertEquals(checkClientSecretResponse(response.parsed_body), []);
});
