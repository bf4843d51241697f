import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { encodeBase64 } from "../../../src/audio/mod.ts";
import { createRecorder } from "../../../src/simulator/recording/recorder.ts";
import { createVirtualClock } from "../../../src/simulator/virtual_clock.ts";

/** A recorder on a virtual clock, and its output. */
function recorder(audio?: "keep" | "length") {
  const clock = createVirtualClock({ startMs: 500 });
  const lines: Record<string, unknown>[] = [];
  const options = { audio, clock, write: (line: string) => void lines.push(JSON.parse(line)) };
  return { clock, lines, options, ...createRecorder(options) };
}

Deno.test("createRecorder() records sender, content and time, and the end", async () => {
  const { clock, close, frame, lines } = recorder();
  frame("recv", '{"type":"session.created","event_id":"event_1"}');
  await clock.advance(12.6);
  frame("sent", '{"type":"response.create"}');
  frame("sent", "not JSON");
  frame("recv", "[7]");
  frame("recv", new Uint8Array([0, 255]));
  await clock.advance(1000);
  close({ code: 1001, reason: "late" });
  assertEquals(lines, [
    { dir: "recv", at_ms: 0, event: { type: "session.created", event_id: "event_1" } },
    { dir: "sent", at_ms: 13, event: { type: "response.create" } },
    { dir: "sent", at_ms: 13, frame: "not JSON" },
    { dir: "recv", at_ms: 13, frame: "[7]" },
    { dir: "recv", at_ms: 13, frame: { base64: "AP8=" } },
    { dir: "close", at_ms: 1013, code: 1001, reason: "late" },
  ]);
});

Deno.test("createRecorder() records the duration of audio in the session's format, or the audio itself", () => {
  const audio = encodeBase64(new Uint8Array(960));
  const say = (type: string, fields: object) => JSON.stringify({ type, ...fields });
  const formats = { input: { format: { type: "audio/pcmu" } }, output: { format: { type: "audio/pcma" } } };
  const item = { type: "message", content: [{ type: "input_audio", audio }, { type: "output_audio", audio }] };
  const record = (kind?: "keep" | "length") => {
    const { frame, lines } = recorder(kind);
    const all = () => {
      frame("sent", say("input_audio_buffer.append", { audio }));
      frame("recv", say("response.output_audio.delta", { delta: audio }));
      frame("recv", say("response.output_text.delta", { delta: audio }));
      frame("sent", say("conversation.item.create", { item }));
    };
    all();
    frame("recv", say("session.updated", { session: { audio: formats } }));
    all();
    return lines.map(({ event }) => event as Record<string, unknown>);
  };
  const [append, delta, text, create, , appendLater, deltaLater, , createLater] = record();
  const [pcm, pcmu, pcma] = [
    { audio_ms: 20, format: "audio/pcm" },
    { audio_ms: 120, format: "audio/pcmu" },
    { audio_ms: 120, format: "audio/pcma" },
  ];
  assertEquals([append?.audio, delta?.delta, text?.delta], [pcm, pcm, audio]);
  assertEquals([appendLater?.audio, deltaLater?.delta], [pcmu, pcma]);
  const partsOf = (event: Record<string, unknown> | undefined) =>
    (event?.item as { content: { audio: unknown }[] }).content.map((part) => part.audio);
  assertEquals([partsOf(create), partsOf(createLater)], [[pcm, pcm], [pcmu, pcma]]);
  assertEquals(record("keep")[0], { type: "input_audio_buffer.append", audio });
});

Deno.test("createRecorder() records no secrets", () => {
  const secrets = ["sk-canary-key1", "ek_canary_key2", "whsec_canary3", "canary4", "canary5", "canary6", "canary7"];
  const [key, secret, webhook, bearer, ...others] = secrets;
  const { close, frame, lines } = recorder();
  frame("sent", `not JSON ${key}`);
  frame(
    "sent",
    JSON.stringify({
      type: "session.update",
      session: {
        instructions:
          `The key is ${key}, the secret ${secret}, the webhook's ${webhook}. Authorization: Bearer ${bearer}.`,
        client_secret: { value: secret },
        tools: [
          {
            type: "mcp",
            server_label: "crm",
            authorization: others[0],
            require_approval: { never: { tool_names: ["look_up"] } },
            headers: { "X-Token": others[1] },
            server_url: `https://me:${others[2]}@crm.example/mcp?region=eu&token=${others[2]}`,
          },
          { type: "mcp", server_label: "odd", server_url: `the one at ${key}` },
          {
            type: "function",
            name: "log_in",
            parameters: { properties: { password: { type: "string" }, headers: { type: "object" } } },
          },
        ],
      },
    }),
  );
  close({ code: 3000, reason: `no such key: ${key}` });
  const text = JSON.stringify(lines);
  for (const canary of secrets) assert(!text.includes(canary), canary);
  assertStringIncludes(text, "The key is [redacted], the secret [redacted], the webhook's [redacted].");
  // A value that only has the name of a secret is kept.
  assertStringIncludes(text, '"password":{"type":"string"},"headers":{"type":"object"}');
  assertStringIncludes(text, "crm.example/mcp?region=");
  assertStringIncludes(text, '"require_approval":{"never":{"tool_names":["look_up"]}}');
  assertStringIncludes(text, '"server_url":"the one at [redacted]"');
});
