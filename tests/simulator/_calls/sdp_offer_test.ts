import { assertEquals, assertThrows } from "@std/assert";
import { parseOffer } from "../../../src/simulator/_calls/sdp_offer.ts";
import { ServerError } from "../../../src/simulator/_errors/server_error.ts";
import { OFFER } from "../_api.ts";

Deno.test("parseOffer() reads the offered media", () => {
  const { bundle, media } = parseOffer(OFFER);
  assertEquals(bundle, ["0", "1"]);
  assertEquals(
    media.map(({ formats, isRejected, kind, mid, protocol }) => [kind, mid, protocol, formats, isRejected]),
    [
      ["audio", "0", "UDP/TLS/RTP/SAVPF", ["111", "63", "0", "8"], false],
      ["application", "1", "UDP/DTLS/SCTP", ["webrtc-datachannel"], false],
    ],
  );
  assertEquals(media[1]?.lines.at(-1), "a=max-message-size:262144");
});

Deno.test("parseOffer() accepts lines that end with a line feed", () => {
  assertEquals(parseOffer(OFFER.replaceAll("\r", "")), parseOffer(OFFER));
});

Deno.test("parseOffer() rejects anything but an audio offer", () => {
  const cases = [
    "",
    "hello",
    '{"type":"offer","sdp":"v=0"}',
    "v=0\r\n",
    OFFER.replace("v=0", "v=1"),
    OFFER.replace("s=-", "what is this"),
    OFFER.replace("m=audio 9", "m=audio 0"),
    OFFER.replace("m=audio 9 UDP", "m=audio nine UDP"),
    OFFER.replace("m=audio", "m=video"),
  ];
  for (const sdp of cases) {
    const refusal = assertThrows(() => parseOffer(sdp), ServerError, "Invalid SDP offer.");
    assertEquals([refusal.status, refusal.code], [400, "invalid_offer"]);
  }
});
