import { assertEquals, assertGreater, assertRejects } from "@std/assert";
import { connect, connectTranscription, connectTranslation, connectVoice } from "../../mod.ts";
import { createWorld } from "./_calls.ts";

/** A WebSocket, which has the methods of a transport, but not its events. */
const WEB_SOCKET = { readyState: 1, bufferedAmount: 0, send() {}, close() {}, addEventListener() {} };

const FUNCTION = "must be a function: current value is";
const NUMBER = "must be a number: current value is";

/** Options, values of a wrong kind, and the end of the message. */
const CASES: readonly (readonly [name: string, value: unknown, message: string])[] = [
  ["ackTimeoutMs", "5", `${NUMBER} a string`],
  ["audioKit", {}, "must be an AudioKit: current value is an object"],
  ["clock", Date, "must be a Clock: current value is a function"],
  ["closeTimeoutMs", null, `${NUMBER} null`],
  ["dial", 5, `${FUNCTION} 5`],
  ["dial", null, `${FUNCTION} null`],
  ["fetch", 5, `${FUNCTION} 5`],
  ["makeId", "id", `${FUNCTION} a string`],
  ["maxRetries", "2", `${NUMBER} a string`],
  ["onLag", true, `${FUNCTION} true`],
  ["onUnhandled", console, `${FUNCTION} an object`],
  ["organization", 5, "must be a string: current value is 5"],
  ["safetyIdentifier", ["user"], "must be a string: current value is an array"],
  ["secrets", "sk-test", "must be an array: current value is a string"],
  // The controller in place of its signal.
  ["signal", new AbortController(), "must be an AbortSignal: current value is an object"],
  ["signal", null, "must be an AbortSignal: current value is null"],
  ["timeoutMs", "5", `${NUMBER} a string`],
  ["timeoutMs", 5n, `${NUMBER} 5`],
  ["transcriptTimeoutMs", "5", `${NUMBER} a string`],
  ["transport", {}, "must be a Transport: current value is an object"],
  ["transport", WEB_SOCKET, "must be a Transport: current value is an object"],
  ["WebSocket", "ws", `${FUNCTION} a string`],
];

/** Calls that check an option in another way. */
const LEFT_OUT: readonly RegExp[] = [
  // tests/hono has a table of its rules.
  /^createRealtimeApp: /,
  // It is a field of the session there.
  /^new LiveRest: safetyIdentifier$/,
];

/** Options inside `recovery`, and the end of the message. */
const RECOVERY: readonly (readonly [recovery: unknown, message: string])[] = [
  [{ renewBeforeMs: "5" }, `recovery.renewBeforeMs ${NUMBER} a string`],
  [{ maxAttempts: "5" }, `recovery.maxAttempts ${NUMBER} a string`],
  [{ backoff: { firstMs: "5" } }, `recovery.backoff.firstMs ${NUMBER} a string`],
  [true, "recovery must be an object: current value is true"],
];

const RECOVERING: Readonly<Record<string, (options: object) => Promise<unknown>>> = {
  connect,
  connectTranscription,
  connectTranslation: (options) => connectTranslation({ language: "de", ...options }),
  connectVoice,
};

Deno.test("an option of a wrong kind is named, whatever takes it", async () => {
  await using world = await createWorld();
  const wrong: string[] = [];
  for (const [name, value, message] of CASES) {
    let takers = 0;
    for (const [call, take] of Object.entries(world.calls)) {
      if (LEFT_OUT.some((pattern) => pattern.test(`${call}: ${name}`))) continue;
      const taken = Promise.resolve({ [name]: value }).then(take).then(() => "nothing", (error: unknown) => error);
      // A check waits for nothing: it is over when the microtasks are.
      const error = await Promise.race([taken, new Promise((resolve) => setTimeout(resolve, 0, "nothing yet"))]);
      if (`${error}`.includes(`no option ${name}`) || `${error}`.includes(`no option recovery.${name}`)) continue;
      takers++;
      const end = `${name} ${message}`;
      if (!(error instanceof TypeError) || !error.message.endsWith(end)) wrong.push(`${call}: ${error}, not ${end}`);
    }
    assertGreater(takers, 0, name);
  }
  assertEquals(wrong, []);
});

Deno.test("an option of a recovery of a wrong kind is named before anything is dialled", async () => {
  let dials = 0;
  const dial = () => (dials++, Promise.reject(new Error("no")));
  for (const [recovery, message] of RECOVERY) {
    for (const [call, take] of Object.entries(RECOVERING)) {
      await assertRejects(() => take({ apiKey: "sk-test", dial, recovery }), TypeError, ` as ${message}`, call);
    }
  }
  assertEquals(dials, 0);
});

Deno.test("a transport is closed if another option is of a wrong kind, and something else needs no close()", async () => {
  let closes = 0;
  const transport = { ...WEB_SOCKET, events: new ReadableStream(), close: () => void closes++ };
  for (const [call, take] of Object.entries(RECOVERING)) {
    await assertRejects(() => take({ transport, signal: 5 }), TypeError, "signal must be an AbortSignal", call);
    await assertRejects(() => take({ transport: "wss://localhost" }), TypeError, "must be a Transport", call);
  }
  assertEquals(closes, Object.keys(RECOVERING).length);
});
