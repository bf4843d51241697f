// This module is browser compatible.
import type { PeerConnectionLike, StatsLike } from "./peer_connection.ts";

/**
 * Statistics of a WebRTC connection. A value that the browser does not report is `undefined`.
 *
 * @category Browser
 */
export interface CallStats {
  /** Round-trip time, in milliseconds. */
  readonly roundTripMs: number | undefined;
  /** Variation of the packets' arrival times, in milliseconds. */
  readonly jitterMs: number | undefined;
  /** Time that audio waits in the browser's buffer, in milliseconds, on average so far. */
  readonly bufferMs: number | undefined;
  /** Packets of audio that arrived. */
  readonly packetsReceived: number;
  /** Received packets of audio that were lost on the way. */
  readonly packetsLost: number;
  /** Packets of audio that were sent. */
  readonly packetsSent: number;
  /** Bytes of audio that arrived. */
  readonly bytesReceived: number;
  /** Bytes of audio that were sent. */
  readonly bytesSent: number;
}

/** Time of the last packet over a pair of candidates; not every browser reports it. */
const LAST = "lastPacketReceivedTimestamp";

/**
 * Measures a connection.
 *
 * @category Browser
 */
export async function measureCall(peer: Pick<PeerConnectionLike, "getStats">): Promise<CallStats> {
  let inbound: StatsLike = {};
  let outbound: StatsLike = {};
  let pair: StatsLike = {};
  (await peer.getStats()).forEach((report) => {
    if (report.type === "inbound-rtp" && report.kind === "audio") inbound = report;
    else if (report.type === "outbound-rtp" && report.kind === "audio") outbound = report;
    else if (report.type === "candidate-pair" && (report.nominated || report.selected)) {
      // Pairs that the connection has left stay nominated.
      if (!(Number(report[LAST]) < Number(pair[LAST]))) pair = report;
    }
  });
  const delay = number(inbound.jitterBufferDelay);
  const emitted = number(inbound.jitterBufferEmittedCount);
  return {
    roundTripMs: toMs(pair.currentRoundTripTime),
    jitterMs: toMs(inbound.jitter),
    bufferMs: delay !== undefined && emitted ? delay / emitted * 1000 : undefined,
    packetsReceived: number(inbound.packetsReceived) ?? 0,
    packetsLost: number(inbound.packetsLost) ?? 0,
    packetsSent: number(outbound.packetsSent) ?? 0,
    bytesReceived: number(inbound.bytesReceived) ?? 0,
    bytesSent: number(outbound.bytesSent) ?? 0,
  };
}

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function toMs(seconds: unknown): number | undefined {
  const value = number(seconds);
  return value === undefined ? undefined : value * 1000;
}
