import { assertEquals } from "@std/assert";
import { checkLiveRestBody, type LiveRestBody } from "../../../src/protocol/mod.ts";

const session = { model: "gpt-live-1" };
const webrtc = { type: "webrtc", sdp: "v=0\r\n" };
const trunk = {
  provider_url: "sips:sip.example.com:5061;transport=tcp",
  auth: { type: "digest", username: "u", password: "p" },
  caller_number: "+14155550100",
};

function pathOf(name: LiveRestBody, body: unknown): string | undefined {
  return checkLiveRestBody(name, body)[0]?.path;
}

Deno.test("checkLiveRestBody() accepts valid bodies, and names invalid fields", () => {
  assertEquals(pathOf("create", { session, transport: webrtc }), undefined);
  assertEquals(
    pathOf("create", { session, transport: { type: "sip", destination: "+14155550123", trunk } }),
    undefined,
  );
  assertEquals(pathOf("create", { session }), "transport");
  assertEquals(pathOf("create", { session, transport: { ...webrtc, sdp: " " } }), "transport.sdp");
  assertEquals(
    pathOf("create", { session: { ...session, audio: { format: {} } }, transport: webrtc }),
    "session.audio.format",
  );
  assertEquals(
    pathOf("create", { session, transport: { type: "sip", destination: "4155550123", trunk } }),
    "transport.destination",
  );
  assertEquals(pathOf("fork", { transport: webrtc }), undefined);
  assertEquals(pathOf("fork", { transport: webrtc, session: { instructions: "New." } }), "session.instructions");
  assertEquals(pathOf("accept", { session: { type: "live", ...session } }), undefined);
  assertEquals(pathOf("accept", { session }), "session.type");
  assertEquals(pathOf("accept", { session: { type: "live", ...session, client: {} } }), "session.client");
  for (const status of [299, 700, 486.5, "486"]) assertEquals(pathOf("reject", { status_code: status }), "status_code");
  assertEquals(pathOf("reject", { status_code: 300 }) ?? pathOf("reject", { status_code: 699 }), undefined);
  assertEquals(pathOf("reject", {}), "status_code");
  assertEquals(pathOf("refer", { target_uri: " " }), "target_uri");
  assertEquals(pathOf("refer", { target_uri: "tel:+14155550123" }), undefined);
  assertEquals(pathOf("created", { session: { id: "live_1" }, transport: { ...webrtc, novel: 1 } }), undefined);
  assertEquals(pathOf("created", { session: {} }), "session.id");
});
