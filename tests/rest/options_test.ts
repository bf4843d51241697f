import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { RealtimeRest } from "../../src/rest/mod.ts";
import { createStub, SDP, sdpAnswer, SECRET } from "./_stub.ts";

Deno.test("RealtimeRest rejects unknown options with a suggestion", () => {
  const cases: readonly (readonly [object, string])[] = [
    [{ baseURL: "https://example.com" }, "there is no option baseURL: did you mean baseUrl?"],
    [{ api_key: "sk-test" }, "there is no option api_key: did you mean apiKey?"],
    [{ timeout: 5 }, "there is no option timeout: did you mean timeoutMs?"],
    [{ dangerouslyAllowBrowser: true }, "there is no option dangerouslyAllowBrowser"],
    [
      { azure: { endpoint: "https://host", deploymentName: "d" } },
      "azure.deploymentName: did you mean azure.deployment?",
    ],
    [{ azure: null }, "azure must be an object: current value is null"],
    // Its key must not go to OpenAI.
    [{ azure: { deployment: "d", apiKey: "k" } }, "the base URL must be an http(s) or ws(s) address"],
  ];
  for (const [options, message] of cases) {
    assertThrows(() => new RealtimeRest(options), TypeError, `Cannot make a REST client as `);
    assertThrows(() => new RealtimeRest(options), TypeError, message);
  }
  for (const options of [null, "sk-test", ["sk-test"]]) {
    assertThrows(() => new RealtimeRest(options as object), TypeError, "the options must be an object");
  }
});

Deno.test("every call rejects unknown options before anything is sent", async () => {
  const { rest, requests } = createStub((_, { url }) => url.endsWith("/calls") ? sdpAnswer() : Response.json(SECRET));
  const typo = { timeoutMs: 1_000, timeout: 5 };
  const calls: readonly (readonly [string, (options: object) => Promise<unknown>])[] = [
    ["create a client secret", (options) => rest.createClientSecret({}, options)],
    [
      "create a translation client secret",
      (options) => rest.createTranslationClientSecret({ session: { model: "m" } }, options),
    ],
    ["create a call", (options) => rest.createCall({ sdp: SDP }, options)],
    ["create a translation call", (options) => rest.createTranslationCall({ sdp: SDP }, options)],
    ["accept a call", (options) => rest.acceptCall("rtc_1", { type: "realtime" }, options)],
    ["reject a call", (options) => rest.rejectCall("rtc_1", options)],
    ["refer a call", (options) => rest.referCall("rtc_1", "tel:+1", options)],
    ["hang up a call", (options) => rest.hangUpCall("rtc_1", options)],
  ];
  for (const [action, call] of calls) {
    const message = `Cannot ${action} as there is no option timeout: did you mean timeoutMs?`;
    await assertRejects(() => call(typo), TypeError, message);
    await assertRejects(() => call(null as unknown as object), TypeError, "the options must be an object");
  }
  assertEquals(requests.length, 0);
  const misspelt = { statusCode: 486, status_code: 486 };
  await assertRejects(() => rest.rejectCall("rtc_1", misspelt), TypeError, "did you mean statusCode?");
  await assertRejects(() => rest.hangUpCall("rtc_1", { check: false } as object), TypeError, "no option check");
});
