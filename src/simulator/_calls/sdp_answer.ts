// This module is browser compatible.
import { invalidOffer, type OfferedMedia, type SdpOffer, valueOf } from "./sdp_offer.ts";

/** Accepted codecs, in order of preference, with their payload types when the offer does not assign others. */
const CODECS = [
  { name: "opus/48000/2", payloadType: "96", parameters: "minptime=10;useinbandfec=1" },
  { name: "PCMU/8000", payloadType: "0", parameters: undefined },
  { name: "PCMA/8000", payloadType: "8", parameters: undefined },
] as const;

/** Direction of the audio as seen by the answerer, by the direction as seen by the caller. */
const DIRECTIONS: ReadonlyMap<string, string> = new Map([
  ["sendrecv", "sendrecv"],
  ["sendonly", "recvonly"],
  ["recvonly", "sendonly"],
  ["inactive", "inactive"],
]);

/** Maximum message size of the data channel, as recorded. */
const MAX_MESSAGE_SIZE = 1_073_741_823;

/**
 * Answers an offer formally, as the real server does: one audio stream, and the data channel if there is one. There is
 * no media peer at the address in it.
 *
 * @throws {ServerError} when the offer has no codec that the server knows.
 */
export function answerInForm({ bundle, media }: SdpOffer): string {
  const ufrag = base64Id(12);
  const ice = [`a=ice-ufrag:${ufrag}`, `a=ice-pwd:${base64Id(24)}`];
  const audio = media.find(({ isRejected, kind }) => kind === "audio" && !isRejected);
  const data = media.find(({ formats, isRejected }) => formats[0] === "webrtc-datachannel" && !isRejected);
  const accepted = [audio, data].flatMap((each) => each?.mid !== undefined ? [each.mid] : []);
  const bundled = bundle.filter((mid) => accepted.includes(mid));
  const sections = media.map((each) => {
    if (each === audio) {
      return [...audioSection(each, ice), `a=candidate:1 1 udp 2130706431 127.0.0.1 9 typ host ufrag ${ufrag}`];
    }
    return each === data ? dataSection(each, ice) : rejectedSection(each);
  });
  const lines = [
    "v=0",
    `o=- ${randomNumber()} ${randomNumber()} IN IP4 0.0.0.0`,
    "s=-",
    "t=0 0",
    "a=msid-semantic:WMS *",
    `a=fingerprint:sha-256 ${randomFingerprint()}`,
    "a=ice-lite",
    ...bundled.length > 0 ? [`a=group:BUNDLE ${bundled.join(" ")}`] : [],
    ...sections.flat(),
  ];
  return lines.map((line) => `${line}\r\n`).join("");
}

function audioSection(media: OfferedMedia, ice: readonly string[]): string[] {
  const codecs = CODECS.flatMap((codec) => {
    const payloadType = payloadTypeOf(codec, media);
    return payloadType === undefined ? [] : [{ ...codec, payloadType }];
  });
  if (codecs.length === 0) throw invalidOffer();
  const ssrc = randomNumber();
  return [
    `m=audio 9 ${media.protocol} ${codecs.map(({ payloadType }) => payloadType).join(" ")}`,
    "c=IN IP4 0.0.0.0",
    "a=setup:active",
    ...midOf(media),
    ...ice,
    "a=rtcp-mux",
    "a=rtcp-rsize",
    ...codecs.flatMap(({ name, parameters, payloadType }) => [
      `a=rtpmap:${payloadType} ${name}`,
      ...parameters === undefined ? [] : [`a=fmtp:${payloadType} ${parameters}`],
    ]),
    `a=ssrc:${ssrc} cname:realtimeapi`,
    `a=ssrc:${ssrc} msid:realtimeapi audio`,
    `a=ssrc:${ssrc} mslabel:realtimeapi`,
    `a=ssrc:${ssrc} label:audio`,
    "a=msid:realtimeapi audio",
    `a=${directionOf(media)}`,
  ];
}

/** Payload type that the offer assigns to a codec; those of G.711 are static. */
function payloadTypeOf({ name, payloadType }: typeof CODECS[number], media: OfferedMedia): string | undefined {
  const wanted = name.toLowerCase();
  return media.formats.find((format) => {
    const mapping = valueOf(media.lines, `a=rtpmap:${format} `)?.toLowerCase();
    return mapping === undefined ? format === payloadType && !name.startsWith("opus") : mapping.startsWith(wanted);
  });
}

function directionOf({ lines }: OfferedMedia): string {
  const offered = lines.map((line) => line.slice(2)).find((name) => DIRECTIONS.has(name));
  return DIRECTIONS.get(offered ?? "sendrecv") ?? "sendrecv";
}

function dataSection(media: OfferedMedia, ice: readonly string[]): string[] {
  return [
    `m=application 9 ${media.protocol} webrtc-datachannel`,
    "c=IN IP4 0.0.0.0",
    "a=setup:active",
    ...midOf(media),
    "a=sendrecv",
    `a=sctp-port:${valueOf(media.lines, "a=sctp-port:") ?? "5000"}`,
    `a=max-message-size:${MAX_MESSAGE_SIZE}`,
    ...ice,
  ];
}

function rejectedSection(media: OfferedMedia): string[] {
  const { formats, kind, protocol } = media;
  return [`m=${kind} 0 ${protocol} ${formats.join(" ")}`, "c=IN IP4 0.0.0.0", ...midOf(media), "a=inactive"];
}

function midOf({ mid }: OfferedMedia): string[] {
  return mid === undefined ? [] : [`a=mid:${mid}`];
}

/** Characters that ICE allows, four for three bytes. */
function base64Id(bytes: number): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(bytes))));
}

function randomNumber(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}

function randomFingerprint(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(":");
}

/** The option of a simulator that carries the media of calls, or of Live sessions. */
export type MediaOption = "answerSdp" | "answerLiveSdp";

/** An answer with a line that tells a caller who waits for media that there is none, and names the missing option. */
export function withoutMedia(answer: string, option: MediaOption): string {
  const note = `Simulated in form only: no media will ever connect. Give createSimulator an ${option} for media`;
  return answer.replace("s=-\r\n", `s=-\r\ni=${note}\r\n`);
}
