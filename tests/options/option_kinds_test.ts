import { assertEquals, assertGreater, assertRejects } from "@std/assert";
import { connect, connectTranscription, connectTranslation, connectVoice } from "../../mod.ts";
import { createWorld } from "./_calls.ts";

/** A WebSocket, which has the methods of a transport, but not its events. */
const WEB_SOCKET = { readyState: 1, bufferedAmount: 0, send() {}, close() {}, addEventListener() {} };

const FUNCTION = "must be a function: current value is";
const FLAG = "must be true or false: current value is";
const NUMBER = "must be a number >= 0: current value is";

/** Options, values of a wrong kind, and the end of the message. */
const CASES: readonly (readonly [name: string, value: unknown, message: string])[] = [
  ["ackTimeoutMs", "5", `${NUMBER} of type String`],
  ["audioKit", {}, "must be an AudioKit: current value is of type Object"],
  ["autoBargeIn", "no", `${FLAG} of type String`],
  ["background", true, "must be a string: current value is of type Boolean"],
  ["clock", Date, "must be a Clock: current value is of type Function"],
  ["closeTimeoutMs", null, `${NUMBER} null`],
  ["dial", 5, `${FUNCTION} 5`],
  ["dial", null, `${FUNCTION} null`],
  ["dispatchTool", 5, `${FUNCTION} 5`],
  ["fetch", 5, `${FUNCTION} 5`],
  ["followUp", "loud", "must be respond or silent: current value is of type String"],
  ["halfDuplex", 1, `${FLAG} 1`],
  ["inputEnd", "silent", "must be silence or commit or nothing: current value is of type String"],
  ["ignore", "ping", "must be an array: current value is of type String"],
  ["keeper", "false", `${FLAG} of type String`],
  ["logger", 5, "must be a Logger: current value is 5"],
  ["logger", console.log, "must be a Logger: current value is of type Function"],
  ["makeId", "id", `${FUNCTION} of type String`],
  ["maxRetries", "2", `${NUMBER} of type String`],
  ["maxRemembered", NaN, `${NUMBER} NaN`],
  ["maxRemembered", "5", `${NUMBER} of type String`],
  ["onDrop", ["flush"], "must be finish or flush: current value is of type Array"],
  ["onInterrupt", "stop", "must be continue or abort: current value is of type String"],
  ["onLag", true, `${FUNCTION} of type Boolean`],
  ["onUnhandled", new Map(), `${FUNCTION} of type Map`],
  ["overflow", "drop", "must be wait or drop-oldest: current value is of type String"],
  ["organization", 5, "must be a string: current value is 5"],
  ["playbackSource", "client", "must be paced or reported or server: current value is of type String"],
  ["prefix", 5, "must be a string: current value is 5"],
  ["safetyIdentifier", ["user"], "must be a string: current value is of type Array"],
  ["secrets", "sk-test", "must be an array: current value is of type String"],
  // The controller in place of its signal.
  ["signal", new AbortController(), "must be an AbortSignal: current value is of type AbortController"],
  ["signal", null, "must be an AbortSignal: current value is null"],
  ["timeoutMs", -1, `${NUMBER} -1`],
  ["timeoutMs", NaN, `${NUMBER} NaN`],
  ["timeoutMs", "5", `${NUMBER} of type String`],
  ["timeoutMs", 5n, `${NUMBER} of type BigInt`],
  ["toolFollowUp", "loud", "must be respond or silent: current value is of type String"],
  ["toolFollowUp", null, "must be respond or silent: current value is null"],
  ["transcriptTimeoutMs", "5", `${NUMBER} of type String`],
  ["transport", {}, "must be a Transport: current value is of type Object"],
  ["transport", WEB_SOCKET, "must be a Transport: current value is of type Object"],
  ["WebSocket", "ws", `${FUNCTION} of type String`],
];

/** Calls that check an option in another way. */
const LEFT_OUT: readonly RegExp[] = [
  // They have tables of their own rules: tests/hono, tests/simulator.
  /^createRealtimeApp: |^createSimulator: clock$/,
  // Small, they check the names only.
  /^(openMicrophone|openSpeaker|MicrophoneTrack\.\w+): /,
  // It is a field of the session there.
  /^new LiveRest: safetyIdentifier$/,
];

/** Options inside `recovery`, and the end of the message. */
const RECOVERY: readonly (readonly [recovery: unknown, message: string])[] = [
  [{ renewBeforeMs: "5" }, `recovery.renewBeforeMs ${NUMBER} of type String`],
  [{ maxAttempts: "5" }, `recovery.maxAttempts ${NUMBER} of type String`],
  [{ maxAttempts: 0 }, "maxAttempts must be >= 1: current value is 0"],
  [{ renewBeforeMs: -1 }, `recovery.renewBeforeMs ${NUMBER} -1`],
  [{ backoff: { firstMs: -1 } }, `recovery.backoff.firstMs ${NUMBER} -1`],
  [{ backoff: { firstMs: "5" } }, `recovery.backoff.firstMs ${NUMBER} of type String`],
  [true, "recovery must be an object: current value is of type Boolean"],
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
      const Fault = typeof value === "number" && message.startsWith(NUMBER) ? RangeError : TypeError;
      if (!(error instanceof Fault) || !error.message.endsWith(end)) wrong.push(`${call}: ${error}, not ${end}`);
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
      const Fault = /-?\d$/.test(message) ? RangeError : TypeError;
      await assertRejects(() => take({ apiKey: "sk-test", dial, recovery }), Fault, ` as ${message}`, call);
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
