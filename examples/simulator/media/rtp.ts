/** Samples of the RTP clock of Opus in 20 ms, at any coding rate. */
export const TICKS_PER_FRAME = 960;
/** Maximum lag of the RTP clock behind the wall clock before a new spurt begins, in ticks: 100 ms. */
const MAX_LAG_TICKS = 4800;
const HEADER_BYTES = 12;

/** One RTP packet. */
export interface RtpPacket {
  readonly payloadType: number;
  /** Whether it begins a spurt of speech. */
  readonly marker: boolean;
  /** 0 to 65,535. */
  readonly sequence: number;
  /** 0 to 4,294,967,295. */
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Uint8Array;
}

/** Reads a packet; `undefined` when it is RTCP or not RTP at all. */
export function parseRtp(bytes: Uint8Array): RtpPacket | undefined {
  const [first = 0, second = 0] = bytes;
  // RFC 5761: on a shared port, 192 to 223 in the second byte is RTCP.
  if (bytes.length < HEADER_BYTES || first >> 6 !== 2 || (second >= 192 && second <= 223)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let start = HEADER_BYTES + (first & 15) * 4;
  if (first & 16) {
    if (bytes.length < start + 4) return undefined;
    start += 4 + view.getUint16(start + 2) * 4;
  }
  const padding = first & 32 ? bytes[bytes.length - 1] ?? 0 : 0;
  const end = bytes.length - padding;
  if (start > end) return undefined;
  return {
    payloadType: second & 127,
    marker: (second & 128) !== 0,
    sequence: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    payload: bytes.subarray(start, end),
  };
}

/** Writes the packet's bytes, without extensions. */
export function formatRtp({ marker, payload, payloadType, sequence, ssrc, timestamp }: RtpPacket): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + payload.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = 0x80;
  bytes[1] = payloadType | (marker ? 128 : 0);
  view.setUint16(2, sequence);
  view.setUint32(4, timestamp);
  view.setUint32(8, ssrc);
  bytes.set(payload, HEADER_BYTES);
  return bytes;
}

/** Options of {@linkcode RtpWriter}. */
export interface RtpWriterOptions {
  readonly payloadType: number;
  readonly ssrc: number;
  /** First sequence number. */
  readonly sequence: number;
  /** Timestamp of the moment 0. */
  readonly timestamp: number;
}

/**
 * Numbers the packets of one stream of 20 ms frames. Nothing is sent between spurts of speech: the timestamps run on with
 * the wall clock, and the first packet of a spurt is marked.
 */
export class RtpWriter {
  readonly #options: RtpWriterOptions;
  #sequence: number;
  /** Ticks since the moment 0 at which the next frame is due. */
  #next = -Infinity;

  constructor(options: RtpWriterOptions) {
    this.#options = options;
    this.#sequence = options.sequence;
  }

  /** Creates the packet of a frame that is sent `nowMs` milliseconds after time 0. */
  write(payload: Uint8Array, nowMs: number): Uint8Array {
    const now = Math.round(nowMs * TICKS_PER_FRAME / 20);
    const marker = now - this.#next > MAX_LAG_TICKS;
    const ticks = marker ? now : this.#next;
    this.#next = ticks + TICKS_PER_FRAME;
    const sequence = this.#sequence;
    this.#sequence = (sequence + 1) & 0xffff;
    const { payloadType, ssrc, timestamp } = this.#options;
    return formatRtp({ payloadType, marker, sequence, ssrc, payload, timestamp: (timestamp + ticks) % 2 ** 32 });
  }
}
