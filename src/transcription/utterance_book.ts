// This module is browser compatible.
import type { Clock } from "../_internal/clock.ts";
import { evictOldest } from "../_internal/evict_oldest.ts";
import { asString, at, isRecord, numberAt, stringAt, toApiError, type WireEvent } from "../_internal/wire.ts";
import type { RealtimeApiError } from "../errors.ts";
import type { TranscriptionUsage } from "../protocol/mod.ts";
import type { TranscriptionSpeech, TranscriptionUtterance } from "./transcription_utterance.ts";

/** Number of reported utterances that are kept for later corrections. */
const MAX_GIVEN = 256;

const TRANSCRIPTION = "conversation.item.input_audio_transcription.";

/** Options of {@linkcode UtteranceBook}. */
export interface UtteranceBookOptions {
  /** Source of time. */
  readonly clock: Clock;
  /** Time that the words of a turn that has ended may take, in milliseconds. */
  readonly transcriptTimeoutMs: number;
  /** The configured language, if any. */
  language(): string | undefined;
  /** Receives the utterances. */
  give(utterance: TranscriptionUtterance): void;
}

/** An utterance that is being transcribed. */
interface Entry {
  key: string;
  itemId: string;
  readonly contentIndex: number;
  text: string;
  status: "partial" | "completed" | "failed";
  /** Whether its audio is committed, so that no further words of it can be spoken. */
  isCommitted: boolean;
  /** Whether there are unreported changes. */
  isChanged: boolean;
  /** Time from which its words are no longer waited for. */
  dueAt: number;
  languages: readonly string[];
  usage: TranscriptionUsage | undefined;
  error: RealtimeApiError | undefined;
  readonly speech: TranscriptionSpeech[];
}

/**
 * Assembles utterances from the events of a transcription session, in spoken order: an utterance is reported once all
 * before it have ended.
 */
export class UtteranceBook {
  readonly #options: UtteranceBookOptions;
  /** The entries that are not completely reported, in order. */
  readonly #entries: Entry[] = [];
  /** The most recent completely reported utterances. */
  readonly #given = new Map<string, TranscriptionUtterance>();
  #hasEnded = false;
  #stopTimer = (): void => {};
  #changed = Promise.withResolvers<void>();

  constructor(options: UtteranceBookOptions) {
    this.#options = options;
  }

  /** Ids of the items without a final transcript. */
  get missing(): readonly string[] {
    const ids = this.#entries.filter(({ status }) => status === "partial").map(({ itemId }) => itemId);
    for (const { itemId, status } of this.#given.values()) if (status === "incomplete") ids.push(itemId);
    return [...new Set(ids)];
  }

  /** Whether a transcript is pending. */
  get isWaiting(): boolean {
    return !this.#hasEnded && this.#entries.some(({ status }) => status === "partial");
  }

  /** Resolves when something has changed. */
  get changed(): Promise<void> {
    return this.#changed.promise;
  }

  /** Processes an event. */
  receive(event: WireEvent): void {
    const itemId = asString(event.item_id);
    switch (event.type) {
      case "input_audio_buffer.speech_started":
        this.#open(itemId ?? "", 0);
        break;
      case "input_audio_buffer.committed":
        return this.commit(itemId ?? "");
      case "input_audio_buffer.cleared":
        this.#clear();
        break;
      case "conversation.item.deleted":
        for (const entry of this.#entries.filter((entry) => entry.itemId === itemId)) this.#drop(entry);
        break;
      default:
        if (event.type.startsWith(TRANSCRIPTION)) this.#write(event, event.type.slice(TRANSCRIPTION.length));
    }
    this.#publish();
  }

  /** Records that audio has become an item, which some servers do not report. */
  commit(itemId: string): void {
    this.#commit(itemId);
    this.#publish();
  }

  /**
   * Records that the connection is lost. The next one transcribes uncommitted audio, in an item of its own; the words
   * of committed audio will not arrive.
   */
  reconnect(): void {
    for (const entry of this.#entries.splice(0)) {
      const { isCommitted, status, text } = entry;
      if (isCommitted || status !== "partial") this.#finish(entry);
      else if (text) this.#options.give(this.#toUtterance(entry, "incomplete"));
    }
    this.#publish();
  }

  /** Reports the remaining utterances, as far as they are known. */
  end(): void {
    this.#hasEnded = true;
    for (const entry of this.#entries.splice(0)) this.#finish(entry);
    this.#publish();
  }

  #open(itemId: string, contentIndex: number): Entry | undefined {
    const key = `${contentIndex} ${itemId}`;
    if (this.#given.has(key)) return undefined;
    const find = (key: string) => this.#entries.find((entry) => entry.key === key);
    // Some servers name an item only with its words.
    const known = find(key) ?? find(`${contentIndex} `);
    if (known) return Object.assign(known, { key, itemId });
    const entry: Entry = {
      key,
      itemId,
      contentIndex,
      text: "",
      status: "partial",
      isCommitted: false,
      isChanged: false,
      dueAt: Infinity,
      languages: [],
      usage: undefined,
      error: undefined,
      speech: [],
    };
    this.#entries.push(entry);
    return entry;
  }

  #commit(itemId: string): void {
    const committed = this.#open(itemId, 0);
    if (!committed) return;
    committed.isCommitted = true;
    // All earlier entries have ended, too: audio becomes items in order.
    const last = this.#entries.findLastIndex((entry) => entry.itemId === itemId);
    for (const entry of this.#entries.slice(0, last + 1)) if (entry.dueAt === Infinity) this.#await(entry);
  }

  /** Uncommitted audio is gone, and so are its words. */
  #clear(): void {
    for (const entry of this.#entries.filter(({ isCommitted }) => !isCommitted)) this.#drop(entry);
  }

  #drop(entry: Entry): void {
    this.#entries.splice(this.#entries.indexOf(entry), 1);
    if (entry.text || entry.status !== "partial") this.#finish(entry);
  }

  #await(entry: Entry): void {
    entry.dueAt = this.#options.clock.now() + this.#options.transcriptTimeoutMs;
  }

  #write(event: WireEvent, what: string): void {
    const [itemId, contentIndex] = [asString(event.item_id) ?? "", numberAt(event, "content_index")];
    const entry = this.#open(itemId, contentIndex);
    if (!entry) {
      if (what === "completed") this.#correct(`${contentIndex} ${itemId}`, event);
      return;
    }
    if (entry.status !== "partial") {
      // The newest transcript wins.
      if (what === "completed") entry.text = asString(event.transcript) ?? entry.text;
      return;
    }
    if (entry.isCommitted) this.#await(entry);
    switch (what) {
      case "delta":
        entry.text += asString(event.delta) ?? "";
        entry.isChanged = true;
        break;
      case "segment":
        entry.speech.push(toSpeech(event));
        break;
      case "completed":
        entry.status = "completed";
        entry.text = asString(event.transcript) ?? entry.text;
        entry.languages = languagesOf(event);
        entry.usage = usageOf(event);
        break;
      case "failed":
        entry.status = "failed";
        entry.error = toApiError(event);
        break;
    }
  }

  /** Handles a transcript of an utterance that was already reported: a late one, or a correction. */
  #correct(key: string, event: WireEvent): void {
    const given = this.#given.get(key)!;
    const text = asString(event.transcript) ?? given.text;
    if (given.final && given.text === text) return;
    const languages = languagesOf(event);
    // It was billed once.
    const usage = given.final ? undefined : usageOf(event);
    const corrected: TranscriptionUtterance = {
      ...given,
      text,
      status: "completed",
      final: true,
      languages,
      language: languages[0] ?? given.language,
      usage,
      error: undefined,
    };
    this.#given.set(key, corrected);
    this.#options.give(corrected);
  }

  /** Reports the complete utterances, and the words so far of the first incomplete one. */
  #publish(): void {
    const now = this.#options.clock.now();
    for (let first = this.#entries[0]; first; first = this.#entries[0]) {
      if (first.status === "partial" && first.dueAt > now) {
        if (first.isChanged) this.#options.give(this.#toUtterance(first, "partial"));
        first.isChanged = false;
        break;
      }
      this.#entries.shift();
      this.#finish(first);
    }
    this.#watch(now);
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  /** Reports an utterance for the last time, unless it is corrected: the rest of its words will not arrive. */
  #finish(entry: Entry): void {
    const utterance = this.#toUtterance(entry, entry.status === "partial" ? "incomplete" : entry.status);
    this.#given.set(entry.key, utterance);
    evictOldest(this.#given, MAX_GIVEN);
    this.#options.give(utterance);
  }

  #toUtterance(entry: Entry, status: TranscriptionUtterance["status"]): TranscriptionUtterance {
    const { contentIndex, error, itemId, languages, speech, text, usage } = entry;
    return {
      itemId,
      contentIndex,
      text,
      status,
      final: status === "completed",
      language: languages[0] ?? this.#options.language(),
      languages,
      usage,
      speech: [...speech],
      error,
    };
  }

  /** Sets the timer of the entry that all others wait for. */
  #watch(now: number): void {
    this.#stopTimer();
    this.#stopTimer = () => {};
    const dueAt = this.#entries[0]?.dueAt ?? Infinity;
    if (dueAt < Infinity) this.#stopTimer = this.#options.clock.schedule(() => this.#publish(), dueAt - now);
  }
}

function languagesOf(event: WireEvent): readonly string[] {
  const { languages } = event;
  if (!Array.isArray(languages)) return [];
  return languages.map((language) => stringAt(language, "code")).filter((code) => code !== undefined);
}

function usageOf(event: WireEvent): TranscriptionUsage | undefined {
  const usage = at(event, "usage");
  return isRecord(usage) ? usage as unknown as TranscriptionUsage : undefined;
}

function toSpeech(event: WireEvent): TranscriptionSpeech {
  return {
    speaker: asString(event.speaker) ?? "",
    text: asString(event.text) ?? "",
    startMs: numberAt(event, "start") * 1000,
    endMs: numberAt(event, "end") * 1000,
  };
}
