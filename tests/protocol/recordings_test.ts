import { assert, assertEquals, assertGreater } from "@std/assert";
import {
  checkClientEvent,
  checkClientSecretRequest,
  checkClientSecretResponse,
  isKnownClientEvent,
  isKnownServerEvent,
  parseClientEvent,
  parseServerEvent,
} from "../../src/protocol/mod.ts";
import { clientFrames, framesOf, type Json, serverFrames } from "./_frames.ts";

interface Recorded {
  readonly source: string;
  readonly received: readonly Json[];
  readonly sent: readonly Json[];
}

// Recordings of the real server, which are not part of the repository, lie beside it where they are at hand.
const FOLDER = new URL("../../../shared/traces/", import.meta.url);

async function readRecordings(): Promise<Recorded> {
  const received: Json[] = [];
  const sent: Json[] = [];
  try {
    for await (const { name } of Deno.readDir(FOLDER)) {
      if (!name.endsWith(".jsonl")) continue;
      for (const line of (await Deno.readTextFile(new URL(name, FOLDER))).trim().split("\n")) {
        const { dir, event } = JSON.parse(line);
        if (dir === "recv") received.push(event);
        if (dir === "sent") sent.push(event);
      }
    }
    return { source: "recordings", received, sent };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return { source: "own fixtures", received: framesOf(serverFrames), sent: framesOf(clientFrames) };
  }
}

const { source, received, sent } = await readRecordings();

Deno.test("parseServerEvent() knows every recorded event and loses nothing of it", () => {
  console.log(`${received.length} server events from ${source}`);
  assertGreater(received.length, 50);
  for (const frame of received) {
    const text = JSON.stringify(frame);
    const result = parseServerEvent(text);
    assert(result.ok, JSON.stringify(result));
    assert(isKnownServerEvent(result.event), frame.type);
    assertEquals(result.event, JSON.parse(text));
  }
});

Deno.test("checkClientEvent() finds nothing wrong with any recorded event", () => {
  console.log(`${sent.length} client events from ${source}`);
  assertGreater(sent.length, 20);
  for (const frame of sent) {
    assertEquals(checkClientEvent(frame), [], frame.type);
    const result = parseClientEvent(JSON.stringify(frame));
    assert(result.ok);
    assert(isKnownClientEvent(result.event), frame.type);
    assertEquals<unknown>(result.event, frame);
  }
});

Deno.test("checkClientSecretRequest() and checkClientSecretResponse() take the recorded exchange", async () => {
  const recorded = source === "recordings"
    ? await Deno.readTextFile(new URL("create_client_secret.http.json", FOLDER))
    : `[{"request":{"parsed_body":{}},"response":{"parsed_body":{"value":"ek_1","expires_at":1,"session":{"type":"x"}}}}]`;
  const [{ request, response }] = JSON.parse(recorded);
  assertEquals(checkClientSecretRequest(request.parsed_body), []);
  assertEquals(checkClientSecretResponse(response.parsed_body), []);
});
