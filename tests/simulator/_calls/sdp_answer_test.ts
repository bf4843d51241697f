import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { answerInForm } from "../../../src/simulator/_calls/sdp_answer.ts";
import { parseOffer } from "../../../src/simulator/_calls/sdp_offer.ts";
import { ServerError } from "../../../src/simulator/_errors/server_error.ts";
import { OFFER } from "../_api.ts";

const EXCHANGE = new URL("../../../../shared/traces/answer_webrtc_offer.http.json", import.meta.url);

/** The lines of an answer, with random values and addresses replaced by letters. */
function linesOf(sdp: string): string[] {
  assert(sdp.endsWith("\r\n"));
  return sdp.slice(0, -2).split("\r\n").map((line) =>
    line
      .replace(/^(o=- )\d+ \d+/, "$1N N")
      .replace(/^(a=fingerprint:sha-256) (?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/, "$1 F")
      .replace(/^(a=ice-ufrag|a=ice-pwd):[A-Za-z0-9+/]+={0,2}$/, "$1:S")
      .replace(/^a=ssrc:\d+/, "a=ssrc:N")
  );
}

Deno.test("answerInForm() answers the recorded offer as the real server did", async () => {
  let exchange;
  try {
    [exchange] = JSON.parse(await Deno.readTextFile(EXCHANGE));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  const offer = exchange.request.body.split("\r\n\r\n")[1].split("\r\n--")[0] + "\r\n";
  const withoutAddresses = (sdp: string) => linesOf(sdp).filter((line) => !line.startsWith("a=candidate"));
  assertEquals(withoutAddresses(answerInForm(parseOffer(offer))), withoutAddresses(exchange.response.body.string));
});

Deno.test("answerInForm() uses the payload types of the offer, and one stream", () => {
  const lines = linesOf(answerInForm(parseOffer(OFFER)));
  assert(lines.includes("m=audio 9 UDP/TLS/RTP/SAVPF 111 0 8"));
  assert(lines.includes("a=rtpmap:111 opus/48000/2"));
  assert(lines.includes("a=group:BUNDLE 0 1"));
  assertEquals(lines.filter((line) => line.startsWith("a=mid:")), ["a=mid:0", "a=mid:1"]);
  assertEquals(lines.filter((line) => line.startsWith("a=msid:")), ["a=msid:realtimeapi audio"]);
  assertEquals(lines.filter((line) => line === "a=setup:active").length, 2);
  assertEquals(lines.filter((line) => line === "a=ice-lite").length, 1);
});

Deno.test("answerInForm() mirrors mids, ports and directions, and rejects unknown media", () => {
  const offer = OFFER
    .replace("BUNDLE 0 1", "BUNDLE sound video data")
    .replace("a=mid:0", "a=mid:sound").replace("a=mid:1", "a=mid:data")
    .replace("a=sendrecv", "a=sendonly").replace("a=sctp-port:5000", "a=sctp-port:5001")
    .replace("m=application", "m=video 9 UDP/TLS/RTP/SAVPF 97\r\na=mid:video\r\na=sendrecv\r\nm=application");
  const lines = linesOf(answerInForm(parseOffer(offer)));
  const sections = lines.join("\n").split(/\n(?=m=)/).slice(1);
  assertEquals(sections.map((section) => section.split("\n")[0]), [
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 0 8",
    "m=video 0 UDP/TLS/RTP/SAVPF 97",
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
  ]);
  assert(lines.includes("a=group:BUNDLE sound data"));
  assertMatch(sections[0] ?? "", /a=mid:sound\n/);
  assertMatch(sections[0] ?? "", /\na=recvonly\n/);
  assertMatch(sections[1] ?? "", /a=mid:video\na=inactive$/);
  assertMatch(sections[2] ?? "", /a=mid:data\n[^]*a=sctp-port:5001\n/);
});

Deno.test("answerInForm() rejects what the offer rejects, and keeps its directions", () => {
  const rejected = "m=audio 0 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 opus/48000/2\r\n";
  const offer = OFFER.replace("m=audio", `${rejected}m=audio`).replace("m=application 9", "m=application 0");
  const lines = linesOf(answerInForm(parseOffer(offer)));
  assertEquals(lines.filter((line) => line.startsWith("m=")), [
    "m=audio 0 UDP/TLS/RTP/SAVPF 96",
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 0 8",
    "m=application 0 UDP/DTLS/SCTP webrtc-datachannel",
  ]);
  assert(lines.includes("a=group:BUNDLE 0"));
  const directions = { sendrecv: "sendrecv", sendonly: "recvonly", recvonly: "sendonly", inactive: "inactive" };
  for (const [offered, answered] of Object.entries(directions)) {
    const [audio] = answerInForm(parseOffer(OFFER.replace("a=sendrecv", `a=${offered}`))).split("m=application");
    assertMatch(audio!, new RegExp(`\r\na=${answered}\r\na=candidate:`));
  }
  const withoutPort = linesOf(answerInForm(parseOffer(OFFER.replace("a=sctp-port:5000\r\n", ""))));
  assert(withoutPort.includes("a=sctp-port:5000"));
});

Deno.test("answerInForm() accepts G.711 by its static payload types, without a group or a data channel", () => {
  const offer = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 96 18 0\r\n";
  const lines = linesOf(answerInForm(parseOffer(offer)));
  assert(lines.includes("m=audio 9 RTP/AVP 0 8"));
  assert(!lines.some((line) => /group|mid:|application/.test(line)));
});

Deno.test("answerInForm() rejects an offer without a supported codec", () => {
  const offer = "v=0\r\nm=audio 4000 RTP/AVP 18\r\na=rtpmap:18 G729/8000\r\n";
  assertThrows(() => answerInForm(parseOffer(offer)), ServerError, "Invalid SDP offer");
});
