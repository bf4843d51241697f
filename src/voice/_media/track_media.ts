// This module is browser compatible.
import { asString, numberAt, stringAt, type WireEvent } from "../../_internal/wire.ts";
import type { VoiceTrack } from "../voice_options.ts";
import { echoMs, type MediaOptions, type VoiceMedia } from "./media.ts";
import { isOver, type PlayoutRecord } from "./playout_record.ts";
import { ServerPlayout } from "./server_playout.ts";

/** Time that the server has to report where it has cut its playback, in milliseconds; then the clock decides. */
const CUT_WAIT_MS = 1000;

/** Events about the server's playback. */
export interface TrackMediaEvents {
  /** A response starts being heard. */
  started(responseId: string): void;
  /** A response is no longer heard: it has ended, or was cut. */
  stopped(responseId: string, wasCut: boolean): void;
  /** An item was cut. */
  cut(record: PlayoutRecord): void;
}

/** Options of {@linkcode TrackMedia}. */
export interface TrackMediaOptions extends MediaOptions {
  /** The words of an item so far. */
  words(itemId: string): string;
  /** The track on which the user's audio is sent, if it is accessible. */
  track: VoiceTrack | undefined;
  /** Callbacks for the events. */
  events: TrackMediaEvents;
}

/**
 * Audio as tracks: the server plays the model's audio, over WebRTC or SIP, and reports when it starts, stops and is
 * cut; a browser or a telephone network sends the user's audio. Muting disables the track.
 */
export class TrackMedia implements VoiceMedia {
  isMuted = false;
  readonly #options: TrackMediaOptions;
  readonly #playout: ServerPlayout;
  /** Items that the server has cut, until it reports where, or the clock decides. */
  #uncut: readonly PlayoutRecord[] = [];
  #stopCutTimer = (): void => {};
  #stopTrackTimer = (): void => {};

  /**
   * Creates media based on tracks.
   *
   * @throws {TypeError} when half duplex is requested and there is no track to disable.
   */
  constructor(options: TrackMediaOptions) {
    if (options.halfDuplex && !options.track) {
      throw new TypeError(
        "Cannot be half-duplex as the user's audio does not pass through this session: pass its track, or omit halfDuplex",
      );
    }
    this.#options = options;
    this.#playout = new ServerPlayout(options);
  }

  get isSilent(): boolean {
    return this.isMuted || echoMs(this.#options) > 0;
  }

  /** The server plays it. */
  play(): void {}

  receive(event: WireEvent): void {
    const { events } = this.#options;
    const responseId = asString(event.response_id) ?? "";
    switch (event.type) {
      case "output_audio_buffer.started":
        if (responseId === this.#playout.responseId) return;
        this.#giveUpWaiting();
        this.#stop("", false);
        this.#playout.start(responseId);
        this.#updateTrack();
        return events.started(responseId);
      case "output_audio_buffer.stopped":
        return this.#stop(responseId, false);
      case "output_audio_buffer.cleared":
        return this.#stop(responseId, true);
      case "conversation.item.truncated":
        return this.#cut(this.#playout.recordOf(asString(event.item_id) ?? ""), numberAt(event, "audio_end_ms"));
      case "response.done":
        return this.#playout.finish(stringAt(event.response, "id") ?? "");
    }
    this.#playout.note(event);
  }

  sync(): void {
    this.#playout.sync();
  }

  /** The server stops by itself, or on request, and reports where it was cut. */
  stop(): readonly PlayoutRecord[] {
    return [];
  }

  /** @throws {TypeError} when there is no track to disable. */
  mute(isMuted: boolean): void {
    if (!this.#options.track) {
      throw new TypeError("Cannot mute as the user's audio does not pass through this session: pass its track");
    }
    this.isMuted = isMuted;
    this.#updateTrack();
  }

  /**
   * It was heard until about now, according to the clock. This is not an interruption: requests go to the next
   * connection.
   */
  drop(): void {
    this.#stop("", true);
    this.#giveUpWaiting();
  }

  end(): void {
    const { responseId } = this.#playout;
    this.#playout.stop(true);
    if (responseId !== undefined) this.#options.events.stopped(responseId, false);
    this.#giveUpWaiting();
    this.#stopTrackTimer();
    if (this.#options.track) this.#options.track.enabled = !this.isMuted;
  }

  /** Stops the playback of a response, or without an id of the current one. */
  #stop(responseId: string, wasCut: boolean): void {
    const current = this.#playout.responseId;
    if (current !== undefined && responseId && responseId !== current) return;
    const records = this.#playout.stop(wasCut);
    this.#updateTrack();
    if (current === undefined) return;
    this.#options.events.stopped(current, wasCut);
    if (!wasCut) return;
    this.#uncut = records;
    this.#stopCutTimer = this.#options.clock.schedule(() => this.#giveUpWaiting(), CUT_WAIT_MS);
  }

  /** Records where the server has cut an item. */
  #cut(record: PlayoutRecord | undefined, endMs: number): void {
    const isHeard = record && (record.responseId === this.#playout.responseId || this.#uncut.includes(record));
    // Another party may cut an item that was heard to its end, which interrupts nothing.
    if (record?.state !== "playing" || (isOver(record) && !isHeard)) return;
    this.sync();
    this.#options.records.truncate(record, Math.max(0, endMs));
    this.#options.events.cut(record);
  }

  /** The server does not report where it has cut, so the position of the clock is used. */
  #giveUpWaiting(): void {
    this.#stopCutTimer();
    for (const record of this.#uncut) this.#cut(record, record.playedMs);
  }

  #updateTrack(): void {
    const { clock, track } = this.#options;
    if (!track) return;
    this.#stopTrackTimer();
    track.enabled = !this.isSilent;
    const waitMs = echoMs(this.#options);
    if (waitMs > 0) this.#stopTrackTimer = clock.schedule(() => this.#updateTrack(), waitMs);
  }
}
