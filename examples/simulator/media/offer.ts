import type { NativeDirection } from "./packages.ts";

/** The audio section of an offer. */
export interface OfferedAudio {
  readonly mid: string;
  /** Payload type of Opus. */
  readonly payloadType: number;
  /** Direction of the audio, as seen by the answerer. */
  readonly direction: NativeDirection;
}

/** Direction of the audio as seen by the answerer, by the direction as seen by the caller. */
const DIRECTIONS: ReadonlyMap<string, NativeDirection> = new Map([
  ["sendrecv", "SendRecv"],
  ["sendonly", "RecvOnly"],
  ["recvonly", "SendOnly"],
  ["inactive", "Inactive"],
]);

/** Whether an offer contains a data channel. */
export function offersChannel(offer: string): boolean {
  return /^m=application /m.test(offer);
}

/**
 * Reads the first audio section of an offer; `undefined` when there is none.
 *
 * @throws {TypeError} when it has no Opus.
 */
export function offeredAudio(offer: string): OfferedAudio | undefined {
  const section = offer.split(/^(?=m=)/m).find((text) => text.startsWith("m=audio"));
  if (section === undefined) return undefined;
  const payloadType = /^a=rtpmap:(\d+) opus\/48000\/2/im.exec(section)?.[1];
  const mid = /^a=mid:(\S+)/m.exec(section)?.[1];
  if (payloadType === undefined || mid === undefined) {
    throw new TypeError("Cannot answer the offer as its audio section must have a mid and the codec opus/48000/2");
  }
  const direction = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m.exec(section)?.[1] ?? "sendrecv";
  return { mid, payloadType: Number(payloadType), direction: DIRECTIONS.get(direction) ?? "SendRecv" };
}
