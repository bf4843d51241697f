import { assert, assertEquals } from "@std/assert";
import { ConnectionError } from "../../../src/errors.ts";
import { assertErrorWithout, assertWithout, CANARY } from "../_canary.ts";
import { createEdge, OFFER, POLICY, problemOf } from "../_edge.ts";
import { createSetting, EFFECTIVE, type SettingOptions } from "../_relay.ts";

const code = (character: string) => character.charCodeAt(0);

/** The key as an API could repeat it, in a text or in JSON. */
const SPELLINGS: Readonly<Record<string, string>> = {
  "as it is": CANARY,
  "after a scheme": `Bearer ${CANARY}`,
  "in base64": btoa(`Bearer ${CANARY}`),
  "in an address": CANARY.replaceAll("-", "%2D"),
  "in code units": Array.from(CANARY, (c) => `\\u${code(c).toString(16).padStart(4, "0")}`).join(""),
  "in entities": Array.from(CANARY, (c) => `&#${code(c)};`).join(""),
};

/** The texts that a page could derive from what it saw. */
function assertUnreadable(frame: string, name: string): void {
  assertWithout(frame);
  const decoded = frame.replace(
    /\\+u00([\da-f]{2})|%([\da-f]{2})/gi,
    (_, a, b) => String.fromCharCode(parseInt(a ?? b, 16)),
  )
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
  assert(!decoded.includes(CANARY) && !decoded.includes("canary"), `${name}: ${frame}`);
}

Deno.test("no frame of the relay contains the key, in any spelling and at any position", async () => {
  for (const [name, spelling] of Object.entries(SPELLINGS)) {
    const { api, clock, open } = createSetting();
    const { page } = await open();
    const quoted = `"${spelling}"`;
    const frames = [
      `{"type":"response.output_text.delta","event_id":"e1","delta":${quoted}}`,
      `{"type":"response.output_text.delta","event_id":${quoted},"delta":"x"}`,
      `{"type":"x.newer","a":[{"b":{${quoted}:${quoted}}}]}`,
      `{"type":"error","error":{"type":"invalid_request_error","event_id":"mine","message":${quoted},"param":${quoted}}}`,
      `{"type":"conversation.item.added","item":{"id":"i","type":"message","role":"assistant","content":[{"text":${quoted}}]}}`,
      `{"type":"response.done","response":{"id":"r","metadata":{"a":${quoted}},"output":[{"type":"message","content":[${quoted}]}]}}`,
    ];
    for (const frame of frames) api.send(frame);
    await clock.advance(0);
    assertEquals(page.frames.length, 1 + frames.length, name);
    for (const frame of page.frames) {
      assertUnreadable(frame, name);
      JSON.parse(frame);
    }
    api.close(3000, spelling.slice(0, 120));
    await clock.advance(0);
    assertEquals(page.closed?.code, 3000);
    // A truncated key is not a key.
    if (spelling.length <= 120) assertUnreadable(page.closed!.reason, name);
  }
});

Deno.test("errors and failing sessions show a page neither the key nor the account", async () => {
  const failures: Readonly<Record<string, SettingOptions>> = {
    "an error in place of a session": {
      onDial: (api) =>
        api.send({ type: "error", error: { type: "x", code: "y", message: `No: ${CANARY} of org-secret` } }),
    },
    "an end in place of a session": { onDial: (api) => api.close(3000, `invalid_api_key.${CANARY}`) },
    "a session that the policy is refused in": {
      onDial: (api) => {
        api.send({ type: "session.created", session: { instructions: POLICY.instructions } });
        api.send({ type: "error", error: { type: "invalid_request_error", param: "session.tools", message: CANARY } });
      },
    },
    "no connection": {
      dial: () => {
        const cause = Object.assign(new Error(`Bearer ${CANARY}`), { headers: { authorization: CANARY } });
        const close = { code: 1008, reason: CANARY, clean: false };
        return Promise.reject(
          new ConnectionError(`401 ${CANARY}`, { kind: "refused", body: { error: CANARY }, cause, close }),
        );
      },
    },
    "something that is no error": { dial: () => Promise.reject({ key: CANARY, list: [CANARY] }) },
  };
  for (const [name, options] of Object.entries(failures)) {
    const { errors, open } = createSetting(options);
    const { page } = await open();
    for (let turn = 0; turn < 5 && !page.closed; turn++) await Promise.resolve();
    assertEquals(page.closed?.code, 1011, name);
    assertEquals(errors.length, 1, name);
    for (const frame of page.frames) assertWithout(frame, ["org-secret", "session.tools"]);
    for (const error of errors) assertErrorWithout(error);
  }
});

Deno.test("the API's messages about the account in transcriptions, MCP calls and responses do not reach a page", async () => {
  const { api, clock, open } = createSetting();
  const { page } = await open();
  const words = { type: "server_error", code: "quota", message: "org-secret has no credit", param: "org-secret" };
  const item = {
    id: "i",
    type: "mcp_call",
    server_label: "shop",
    name: "refund",
    arguments: "org-secret",
    output: "org-secret",
  };
  const events: readonly Record<string, unknown>[] = [
    { type: "conversation.item.input_audio_transcription.failed", item_id: "i", content_index: 0, error: words },
    { type: "conversation.item.done", item: { ...item, error: words, newer: "org-secret" } },
    { type: "response.output_item.done", response_id: "r", item: { ...item, error: words } },
    { type: "conversation.item.added", item: { id: "i", type: "mcp_approval_request", arguments: "org-secret" } },
    { type: "conversation.item.added", item: { id: "i", type: "newer_kind", secrets: "org-secret" } },
    { type: "mcp_list_tools.failed", item_id: "i", error: words, newer: "org-secret" },
    { type: "response.mcp_call.failed", item_id: "i", output_index: 0, error: words },
    {
      type: "response.done",
      response: {
        id: "r",
        status: "failed",
        instructions: "org-secret",
        output: [item],
        status_details: { type: "failed", error: words },
      },
    },
    { type: "error", error: { ...words, type: "invalid_request_error", event_id: null } },
    { type: "error", error: { ...words, event_id: "mine" } },
    {
      type: "session.updated",
      session: {
        ...EFFECTIVE,
        audio: { input: { transcription: { model: "whisper-1", prompt: "org-secret" } } },
        tool_choice: "org-secret",
        newer: "org-secret",
      },
    },
  ];
  for (const event of events) api.send(event);
  api.send({ type: "response.mcp_call_arguments.done", item_id: "i", arguments: "org-secret" });
  api.send({ type: "rate_limits.updated", rate_limits: ["org-secret"] });
  api.send({
    type: "conversation.item.added",
    item: { id: "i", type: "message", role: "system", content: ["org-secret"] },
  });
  await clock.advance(0);
  assertEquals(page.received.slice(1).map(({ type }) => type), events.map(({ type }) => type as string));
  for (const frame of page.frames) assertWithout(frame, ["org-secret"]);
  assertEquals(page.received[2]?.item, {
    id: "i",
    type: "mcp_call",
    server_label: "shop",
    name: "refund",
    error: { type: "server_error", code: "quota", message: "The voice service had a problem" },
  });
});

Deno.test("a page sees the settings that it may override, and never the policy's instructions", async () => {
  const session = { ...EFFECTIVE, tool_choice: "auto", truncation: "auto", max_output_tokens: 9 };
  const seen = async (options: SettingOptions) => {
    const { open } = createSetting({
      ...options,
      onDial: (api) => {
        api.send({ type: "session.created", event_id: "e", session });
        api.send({ type: "session.updated", event_id: "f", session });
      },
    });
    return Object.keys((await open()).page.received[0]?.session as object).sort();
  };
  const always = ["audio", "id", "model", "object", "type"];
  assertEquals(await seen({}), always);
  assertEquals(
    await seen({ clientMayOverride: ["tool_choice", "instructions", "prompt.variables"] }),
    [...always, "tool_choice"].sort(),
  );
});

Deno.test("only the API's errors about the page's own events reach it unchanged", async () => {
  const { api, clock, open } = createSetting();
  const { page } = await open();
  const policyId = api.received[0]?.event_id;
  const error = (more: object) =>
    api.send({
      type: "error",
      event_id: "e",
      error: { type: "invalid_request_error", message: "Its words", param: "p", ...more },
    });
  error({ event_id: "page_1" });
  error({ code: "response_cancel_not_active" });
  error({ event_id: policyId });
  error({ code: "session_expired" });
  error({ event_id: "page_1", type: "server_error" });
  await clock.advance(0);
  const generic = "The voice service had a problem";
  assertEquals(
    (page.received.slice(1) as unknown as { error: { message: string; param?: string } }[])
      .map(({ error }) => [error.message, error.param]),
    [["Its words", "p"], ["Its words", "p"], [generic, undefined], [generic, undefined]],
  );
});

Deno.test("a short key of a local server is not redacted in conversation text", async () => {
  const { api, clock, open } = createSetting({ apiKey: "test" });
  const { page } = await open();
  api.send({ type: "response.output_text.delta", event_id: "e", delta: "a test" });
  await clock.advance(0);
  assertEquals(page.received.at(-1)?.delta, "a test");
});

Deno.test("a key in an error of the host's functions is removed before it reaches the log", async () => {
  const errors: unknown[] = [];
  const edge = createEdge({
    onError: (error) => {
      assertErrorWithout(error);
      errors.push(error);
    },
    onCall: () => {
      throw new Error(`Cannot dial with ${CANARY}`, { cause: { [CANARY]: [`Bearer ${CANARY}`] } });
    },
  });
  assertEquals(
    await problemOf(await edge.post("/calls", OFFER, { "content-type": "application/sdp" })),
    "500 internal_error",
  );
  assertEquals((errors[0] as Error).message, "Cannot dial with [API key]");
});
