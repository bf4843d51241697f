import { assertEquals, assertRejects } from "@std/assert";
import { connect, type ConnectOptions, connectWith } from "../src/connect.ts";
import { connectTranscription } from "../src/connect_transcription.ts";
import { connectTranslation } from "../src/connect_translation.ts";
import { ConnectionError } from "../src/errors.ts";
import { createSimulator } from "../src/simulator/mod.ts";
import { connectWebSocket, type Dial } from "../src/transport/mod.ts";
import { connectVoice } from "../src/voice/mod.ts";

// deno-lint-ignore no-explicit-any -- callers without types pass anything
type Connect = (options?: any) => Promise<unknown>;

const CONNECTS: Readonly<Record<string, Connect>> = {
  connect,
  connectWith,
  connectVoice,
  connectTranscription,
  connectTranslation,
};

/** A dialer that must not be called. */
const dial: Dial = () => Promise.reject(new Error("Dialled"));

for (const [name, connect] of Object.entries(CONNECTS)) {
  Deno.test(`${name}() rejects unknown options with a suggestion before it dials`, async () => {
    for (
      const [options, message] of [
        [{ baseURL: "https://example.com" }, "there is no option baseURL: did you mean baseUrl?"],
        [{ api_key: "sk-test" }, "there is no option api_key: did you mean apiKey?"],
        [{ timeout: 5 }, "there is no option timeout: did you mean timeoutMs?"],
        [{ azure: { endpont: "https://example.com" } }, "no option azure.endpont: did you mean azure.endpoint?"],
        [{ azure: null }, "azure must be an object: current value is null"],
        [{ colour: "red" }, "Cannot connect as there is no option colour"],
      ] as const
    ) {
      await assertRejects(() => connect({ apiKey: "sk-test", dial, ...options }), TypeError, message);
    }
  });

  Deno.test(`${name}() names the missing options argument`, async () => {
    for (const [options, value] of [[undefined, "undefined"], [null, "null"], [5, "5"], [[], "of type Array"]]) {
      const message = `Cannot connect as the options must be an object: current value is ${value}`;
      await assertRejects(() => connect(options), TypeError, message);
    }
  });
}

Deno.test("connect() rejects unknown limits, and nested options that are not objects", async () => {
  for (
    const [options, message] of [
      [{ limits: { maxDuration: 5 } }, "no option limits.maxDuration: did you mean limits.maxDurationMs?"],
      [{ limits: null }, "limits must be an object: current value is null"],
      [{ session: null }, "session must be an object: current value is null"],
      [{ tools: null }, "tools must be an array: current value is null"],
      [{ tools: {} }, "tools must be an array"],
    ] as const
  ) {
    const given = { apiKey: "sk-test", dial, ...options } as unknown as ConnectOptions;
    await assertRejects(() => connect(given), TypeError, message);
    await assertRejects(() => connectVoice(given), TypeError, message);
  }
});

Deno.test("connect() rejects voice options, and connectWith() options of the parts", async () => {
  await assertRejects(() => connect({ apiKey: "sk-test", dial, halfDuplex: true } as ConnectOptions), TypeError);
  await assertRejects(() => connectWith({ apiKey: "sk-test", dial, tools: [] } as ConnectOptions), TypeError);
});

Deno.test("connectVoice() accepts the options of connect() and its own", async () => {
  const { dial } = createSimulator();
  await using voice = await connectVoice({ apiKey: "sk-test", dial, leadMs: 100, instructions: "Hush.", tools: [] });
  assertEquals((voice.session.config as { instructions?: string }).instructions, "Hush.");
});

Deno.test("connectWebSocket() names the missing options argument", async () => {
  await assertRejects(() => (connectWebSocket as Connect)(), TypeError, "the options must be an object");
});

Deno.test("connect() without a key explains how each runtime passes one", async () => {
  const error = await assertRejects(() => connect({ dial }), ConnectionError);
  for (const hint of ["Deno.env.get(", "process.env.OPENAI_API_KEY", "Cloudflare Workers", "client secret"]) {
    assertEquals([hint, error.message.includes(hint)], [hint, true]);
  }
});
