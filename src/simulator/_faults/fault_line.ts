// This module is browser compatible.
import type { Clock } from "../../_internal/clock.ts";
import type { IdGenerator } from "../../_internal/ids.ts";
import type { Socket, SocketEnd, SocketListener } from "../../transport/socket.ts";
import { serverError } from "../_errors/server_error.ts";
import { Outbox } from "../_session/outbox.ts";
import type { FrameFaultTiming } from "../fault_timing.ts";
import type { ExpireFault } from "../faults.ts";
import { extraCount, type ExtraFault, extraFrame } from "./extra_frames.ts";
import { type Frame, toFrame } from "./frame.ts";
import type { LineFault } from "./line_fault.ts";
import { ReorderBuffer } from "./reorder_buffer.ts";
import { TimedQueue } from "./timed_queue.ts";

/** Approximate bytes of a frame: events are ASCII except for a few letters. */
const sizeOf = ({ length }: string | Uint8Array): number => length;

/** Delay of overtaken events, in milliseconds. */
const LATE_MS = 900;

/** A fault that waits for its moment. */
interface Waiting {
  readonly fault: LineFault;
  skip: number;
  times: number;
}

/** Dependencies of faults. */
export interface FaultLineOptions {
  /** Source of time. */
  readonly clock: Clock;
  /** Creates event ids. */
  readonly ids: IdGenerator;
  /**
   * Ends the session as one that expires.
   *
   * @default {an `error` as in Realtime, and the end of the connection}
   */
  readonly onExpire?: (fault: ExpireFault) => void;
  /** Called when a fault occurs. */
  readonly onStrike?: (fault: LineFault) => void;
}

/** The server's end of a faulty connection. */
export class FaultLine implements Socket {
  readonly #socket: Socket;
  readonly #options: FaultLineOptions;
  readonly #outward: TimedQueue;
  readonly #inward: TimedQueue;
  readonly #timers = new Set<() => void>();
  /** Send the frames that are late. */
  readonly #overtaken = new Set<() => void>();
  #listener: SocketListener | undefined;
  #waiting: Waiting[] = [];
  #reorder: ReorderBuffer | undefined;
  #late: { readonly events: readonly string[]; readonly ms: number } | undefined;
  #state: "open" | "silent" | "ended" = "open";

  constructor(socket: Socket, options: FaultLineOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#outward = new TimedQueue(options.clock);
    this.#inward = new TimedQueue(options.clock);
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount + this.#outward.waitingBytes;
  }

  /** Sets a fault, which has been checked. */
  add(fault: LineFault): void {
    if (this.#state !== "open") return;
    if (fault.afterMs) this.#later(fault.afterMs, () => this.#arm(fault));
    else this.#arm(fault);
  }

  send(data: string): void {
    if (this.#state !== "open") return;
    if (this.#waiting.length === 0 && !this.#reorder && !this.#late) return this.#queue({ data, event: undefined });
    const frame = toFrame(data);
    let frames: readonly Frame[] = [frame];
    for (const fault of this.#strikingAt(frame)) frames = this.#strike(fault, frames);
    for (const each of frames) this.#pass(each);
  }

  close(code?: number, reason?: string): void {
    if (this.#state === "ended") return;
    this.#reorder?.flush();
    // No frame is sent after the close: this is the latest time for those that are late.
    for (const send of this.#overtaken) send();
    this.#stop("ended");
    this.#outward.push(0, () => this.#socket.close(code, reason));
    // The server has finished, even if its last frames are still on the way.
    if (!this.#outward.isEmpty) this.#tellEnd({ code: code ?? 1005, reason: reason ?? "" });
  }

  listen(listener: SocketListener): void {
    this.#listener = listener;
    this.#socket.listen({
      message: (data) => {
        if (this.#state === "open") this.#inward.push(sizeOf(data), () => listener.message(data));
      },
      close: (info) => {
        this.#stop("ended");
        this.#outward.clear();
        this.#tellEnd(info);
      },
    });
  }

  #tellEnd(end: SocketEnd): void {
    this.#listener?.close(end);
    this.#listener = undefined;
  }

  #later(ms: number, callback: () => void): void {
    const cancel = this.#options.clock.schedule(() => {
      this.#timers.delete(cancel);
      callback();
    }, ms);
    this.#timers.add(cancel);
  }

  #arm(fault: LineFault): void {
    const spoilsFrames = fault.type === "duplicate" || fault.type === "truncate" || fault.type === "binary";
    if (fault.at !== undefined || spoilsFrames) {
      const { times = 1 }: FrameFaultTiming = spoilsFrames ? fault : {};
      this.#waiting.push({ fault, skip: fault.skip ?? 0, times });
    } else {
      this.#strike(fault, []);
    }
  }

  #strikingAt({ event }: Frame): readonly LineFault[] {
    const striking = this.#waiting.filter((waiting) => {
      const { at } = waiting.fault;
      return (at === undefined || at === event?.type) && waiting.skip-- <= 0 && waiting.times-- > 0;
    });
    this.#waiting = this.#waiting.filter(({ times }) => times > 0);
    return striking.map(({ fault }) => fault);
  }

  /** Applies a fault. Returns its effect on the frames that it strikes. */
  #strike(fault: LineFault, frames: readonly Frame[]): readonly Frame[] {
    this.#options.onStrike?.(fault);
    switch (fault.type) {
      case "drop":
        return this.#cut(fault.code ?? 1006, fault.reason);
      case "expire":
        return this.#expire(fault);
      case "overtake":
        this.#late = { events: fault.events ?? ["error"], ms: fault.ms ?? LATE_MS };
        return frames;
      case "silence":
        this.#stop("silent");
        this.#outward.clear();
        return [];
      case "stall":
        this.#inward.hold(fault.ms);
        this.#outward.hold(fault.ms);
        return frames;
      case "slow":
        this.#outward.slowDown(1000 / (fault.bytesPerSecond ?? Infinity), fault.msPerFrame ?? 0);
        return frames;
      case "reorder":
        this.#reorder ??= new ReorderBuffer(this.#options.clock, fault.frames ?? 4, (frame) => this.#queue(frame));
        return frames;
      case "duplicate":
        return frames.flatMap((frame) => [frame, frame]);
      case "truncate":
        return frames.map(({ data }) => toFrame(data.slice(0, Math.floor(data.length * (fault.keep ?? 0.5)))));
      case "binary":
        return frames.map(({ data, event }) => ({
          data: typeof data === "string" ? new TextEncoder().encode(data) : data,
          event,
        }));
      default:
        this.#sendExtra(fault);
        return frames;
    }
  }

  #sendExtra(fault: ExtraFault): void {
    const send = () => this.#pass(toFrame(extraFrame(fault, this.#options.ids)));
    const everyMs = fault.type === "error_storm" ? fault.everyMs ?? 0 : 0;
    for (let index = 0; index < extraCount(fault); index++) {
      if (index * everyMs > 0) this.#later(index * everyMs, send);
      else send();
    }
  }

  #expire(fault: ExpireFault): readonly Frame[] {
    const { announces = true } = fault;
    const { onExpire } = this.#options;
    if (onExpire) {
      onExpire(fault);
      // Before the session has started.
      this.close(1000);
      return [];
    }
    const expiry = serverError("session_expired");
    if (announces) new Outbox(this.#options.ids, (frame) => this.#queue(toFrame(frame))).emitError(expiry, null);
    this.close(expiry.close!.code, expiry.close!.reason);
    return [];
  }

  #cut(code: number, reason = ""): readonly Frame[] {
    this.#stop("ended");
    this.#outward.clear();
    this.#socket.close(code, reason);
    return [];
  }

  #pass(frame: Frame): void {
    if (this.#state !== "open") return;
    if (this.#late?.events.includes(frame.event?.type ?? "")) this.#delay(frame, this.#late.ms);
    else if (this.#reorder) this.#reorder.push(frame);
    else this.#queue(frame);
  }

  #delay(frame: Frame, ms: number): void {
    const send = () => {
      this.#overtaken.delete(send);
      this.#queue(frame);
    };
    this.#overtaken.add(send);
    this.#later(ms, send);
  }

  #queue({ data }: Frame): void {
    // Every socket accepts bytes as well: a WebSocket does, and one in memory passes them on.
    this.#outward.push(sizeOf(data), () => this.#socket.send(data as string));
  }

  /** Prevents further faults from starting. */
  #stop(state: "silent" | "ended"): void {
    this.#state = state;
    this.#waiting = [];
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.#overtaken.clear();
    this.#reorder?.clear();
    this.#inward.clear();
  }
}
