import { assertEquals } from "@std/assert";
import { voiceBackend } from "../../examples/rest/voice_backend.ts";
import { assertAnswerWithout, CANARY } from "../hono/_canary.ts";
import { apiError, createStub, SDP, sdpAnswer, SECRET, type Stub } from "./_stub.ts";

async function post(stub: Stub, path: string, body?: string): Promise<Response> {
  const request = new Request(`http://backend${path}`, { method: "POST", body: body ?? null });
  const response = await voiceBackend(stub.rest)(request);
  await assertAnswerWithout(response);
  return response;
}

Deno.test("voiceBackend() mints a secret for a minute, and returns only the fields that the page needs", async () => {
  const stub = createStub(() => Response.json(SECRET));
  const response = await post(stub, "/secret");
  assertEquals(await response.json(), { value: "ek_test", expires_at: SECRET.expires_at });
  const { expires_after, session } = JSON.parse(stub.requests[0]?.body ?? "");
  assertEquals([expires_after.seconds, session.model], [60, "gpt-realtime-2.1"]);
});

Deno.test("voiceBackend() forwards an offer with its own settings, and returns answer and id", async () => {
  const stub = createStub(() => sdpAnswer("/v1/realtime/calls/rtc_1"));
  const response = await post(stub, "/call", SDP);
  assertEquals([response.status, response.headers.get("x-call-id"), await response.text()], [201, "rtc_1", SDP]);
  const { body, headers } = stub.requests[0]!;
  const form = await new Response(body, { headers: { "content-type": headers["content-type"]! } }).formData();
  assertEquals(form.get("sdp"), SDP);
  assertEquals(JSON.parse(form.get("session") as string).audio.output.voice, "marin");
});

Deno.test("voiceBackend() rejects anything but SDP, and hides the API's refusals", async () => {
  const { error } = console;
  const logged: unknown[] = [];
  console.error = (...words) => logged.push(...words);
  try {
    const stub = createStub(() => apiError(401, { "x-request-id": "req_1" }));
    assertEquals((await post(stub, "/call", "{}")).status, 400);
    assertEquals(stub.requests.length, 0);
    const refused = await post(stub, "/call", SDP);
    assertEquals([refused.status, await refused.text()], [502, "The voice service is not available"]);
    assertEquals(logged, ["req_1: No such thing."]);
    assertEquals(JSON.stringify(logged).includes(CANARY), false);
    assertEquals((await post(stub, "/elsewhere")).status, 404);
  } finally {
    console.error = error;
  }
});
