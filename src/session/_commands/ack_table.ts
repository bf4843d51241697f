// This module is browser compatible.
import { LazyMap, LazySet } from "../../_internal/lazy_collections.ts";
import { asString, isRecord, stringAt, type WireEvent } from "../../_internal/wire.ts";
import { addBounded } from "../../_internal/add_bounded.ts";
import { isSpokenItem } from "../_parts/is_spoken_item.ts";

/** Number of unanswered commands remembered after their callers have stopped waiting. */
const MAX_ABANDONED = 256;

/** {@linkcode SentCommand.abandonedUntil} of a command that was rejected, possibly instead of another one. */
const REFUSED = 0;

/** Number of announced items remembered until their commit arrives. */
const MAX_ANNOUNCED = 64;

/** A command that was sent and is not answered yet. */
export interface SentCommand {
  /** Id of the event that was sent. */
  readonly eventId: string;
  /** {@linkcode ackKey} of its answer. */
  readonly key: string;
  /** The item that it creates, if it creates one. */
  readonly item?: unknown;
  /**
   * Returns false for an answer that contradicts the command. It is accepted nevertheless when the command is the only
   * candidate, as servers may change settings.
   */
  readonly accepts?: ((event: WireEvent) => boolean) | undefined;
  /** Time of the clock from which the answer is no longer expected, if the caller has stopped waiting. */
  abandonedUntil?: number | undefined;
  /** Called once with its answer. */
  resolve(event: WireEvent): void;
  /** Called once with the error that rejects it. */
  reject(error: unknown): void;
}

/**
 * Matches answers to commands. Answers do not name their command, so of the commands with one key only one is in flight
 * at a time; {@linkcode Commands} ensures that. The end of a response, which answers all of its cancels, is the
 * exception.
 */
export class AckTable {
  readonly #onTurnCommitted: () => void;
  readonly #isShared: boolean;
  readonly #byEventId = new LazyMap<string, SentCommand>();
  readonly #announced = new LazySet<string | undefined>();
  #serverKeepsIds = false;
  /** Whether the server sends `committed` events, before the items. */
  #serverTellsCommits = false;
  /** The last item that was taken for the answer to a commit. */
  #assumedId: string | undefined;

  /**
   * `onTurnCommitted` is called for every commit that the server made itself, at the end of a turn; `isShared` means
   * that others send commands, too.
   */
  constructor(onTurnCommitted: () => void = () => {}, isShared = false) {
    this.#onTurnCommitted = onTurnCommitted;
    this.#isShared = isShared;
  }

  /** Number of commands whose callers wait for an answer. */
  get size(): number {
    return this.#all().filter(isAwaited).length;
  }

  /** Adds a command that was sent. */
  add(command: SentCommand): void {
    this.#byEventId.set(command.eventId, command);
  }

  /** The command of this key whose answer may still arrive, according to its caller or the time. */
  blocker(key: string | undefined, nowMs: number): SentCommand | undefined {
    return this.#all().find((command) => command.key === key && nowMs < (command.abandonedUntil ?? Infinity));
  }

  /**
   * Sets the time until which the answer to an abandoned command is expected. An even later answer is not taken for
   * that of another command.
   */
  abandon(eventId: string, untilMs: number): void {
    const command = this.#byEventId.get(eventId);
    if (command) command.abandonedUntil = untilMs;
    const abandoned = this.#all().filter((command) => !isAwaited(command));
    if (abandoned.length > MAX_ABANDONED) this.#delete(abandoned[0]!);
  }

  /** Resolves the commands that this event answers. */
  receive(event: WireEvent): void {
    for (const command of this.#answeredBy(event)) {
      // A response also ends without a cancel, so its end does not answer earlier commands.
      if (event.type !== "response.done") this.#forgetBefore(command);
      this.#delete(command);
      command.resolve(event);
    }
  }

  /** Rejects the command of this event id, or the only one if there is no id. */
  refuse(eventId: string | undefined, error: unknown): void {
    const command = eventId === undefined ? this.#all().find(isAwaited) : this.#byEventId.get(eventId);
    if (!command) return;
    // An error that names no event may belong to another command: an answer to this one may still arrive, and is
    // recognized by its content or by the id of its item.
    if (eventId === undefined && (command.accepts || command.item)) command.abandonedUntil = REFUSED;
    else this.#delete(command);
    command.reject(error);
  }

  /** Rejects everything. */
  close(error: Error): void {
    for (const { eventId } of this.#all()) this.refuse(eventId, error);
  }

  #delete({ eventId }: SentCommand): void {
    this.#byEventId.delete(eventId);
    this.#byEventId.trim();
  }

  #all(): readonly SentCommand[] {
    return [...this.#byEventId.values()];
  }

  /** Answers arrive in order: those of earlier abandoned commands will not arrive. */
  #forgetBefore(answered: SentCommand): void {
    for (const command of this.#all()) {
      if (command === answered) return;
      if (!isAwaited(command)) this.#delete(command);
    }
  }

  #answeredBy(event: WireEvent): readonly SentCommand[] {
    const { type } = event;
    switch (type) {
      // A commit while speech lasts is the client's, with the item that speech_started names.
      case "input_audio_buffer.speech_stopped":
      case "input_audio_buffer.timeout_triggered":
        addBounded(this.#announced, asString(event.item_id), MAX_ANNOUNCED);
        return [];
      case "input_audio_buffer.committed":
        return this.#committed(event);
      case "input_audio_buffer.cleared":
        this.#announced.clear();
        return this.#first(event);
      case "session.updated":
        return this.#first(event);
      case "conversation.item.added":
      case "conversation.item.created":
        return this.#created(event);
      case "conversation.item.retrieved":
        return this.#first(event, stringAt(event.item, "id"));
      case "conversation.item.deleted":
      case "conversation.item.truncated":
        return this.#first(event, asString(event.item_id));
      case "response.done": {
        const key = ackKey(type, stringAt(event.response, "id"));
        return this.#all().filter((command) => command.key === key);
      }
    }
    return [];
  }

  /** An item that the server announced beforehand was committed by the server, at the end of a turn. */
  #committed(event: WireEvent): readonly SentCommand[] {
    this.#serverTellsCommits = true;
    if (this.#assumedId !== undefined && event.item_id === this.#assumedId) return [];
    const isTurn = this.#announced.delete(asString(event.item_id));
    const commands = isTurn ? [] : this.#first(event);
    if (commands.length === 0) this.#onTurnCommitted();
    return commands;
  }

  #created(event: WireEvent): readonly SentCommand[] {
    const type = "conversation.item.added";
    const { item } = event;
    const id = stringAt(item, "id");
    const [command] = id ? this.#first(event, id, type) : [];
    if (command) this.#serverKeepsIds = true;
    if (command) return [command];
    // Some servers assign their own item ids: the oldest command with a matching item.
    const isMeant = ({ abandonedUntil, item: sent }: SentCommand) =>
      sent !== undefined && abandonedUntil !== REFUSED && isEcho(sent, item);
    const echoed = this.#serverKeepsIds ? undefined : this.#all().find(isMeant);
    return echoed ? [echoed] : this.#assumed(event);
  }

  /** Self-hosted servers omit `committed`: the item created from the audio is the answer. */
  #assumed(event: WireEvent): readonly SentCommand[] {
    const id = stringAt(event.item, "id");
    if (!isSpokenItem(event) || this.#serverTellsCommits || this.#isShared || this.#announced.has(id)) return [];
    const commands = this.#first(event, undefined, "input_audio_buffer.committed");
    if (commands.length > 0) this.#assumedId = id;
    return commands;
  }

  /** The oldest command of this type and id; of any id if the answer names none, as some servers omit it. */
  #first(event: WireEvent, id?: string, type = event.type): readonly SentCommand[] {
    const isMeant = ({ key }: SentCommand) => id ? key === ackKey(type, id) : key.split(" ")[0] === type;
    const isSure = (command: SentCommand) => isAwaited(command) && !this.#isShared;
    const isAnswered = (command: SentCommand) => isSure(command) || command.accepts?.(event) !== false;
    return this.#all().filter((command) => isMeant(command) && isAnswered(command)).slice(0, 1);
  }
}

function isAwaited({ abandonedUntil }: SentCommand): boolean {
  return abandonedUntil === undefined;
}

/** Key of the commands that wait for events of this type about this item or response. */
export function ackKey(type: string, id = ""): string {
  return `${type} ${id}`;
}

/** Whether `got` can be the server's version of `sent`: omitted and additional fields are ignored. */
function isEcho(sent: unknown, got: unknown): boolean {
  if (got === undefined || got === null) return true;
  if (Array.isArray(sent)) {
    return Array.isArray(got) && got.length === sent.length && sent.every((value, index) => isEcho(value, got[index]));
  }
  if (!isRecord(sent)) return sent === got;
  return isRecord(got) &&
    Object.entries(sent).every(([name, value]) => /^(id|object|status)$/.test(name) || isEcho(value, got[name]));
}
