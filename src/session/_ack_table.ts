// This module is browser compatible.
import { isRecord, stringAt, type WireEvent } from "../_internal/wire.ts";
import { addBounded } from "../_internal/add_bounded.ts";

/** How many announced items are remembered until their commit arrives. */
const MAX_ANNOUNCED = 64;

/** A command that was sent and has no answer yet. */
export interface SentCommand {
  /** Id of the event that was sent. */
  readonly eventId: string;
  /** {@linkcode ackKey} of its answer. */
  readonly key: string;
  /** The item that it creates, if it creates one. */
  readonly item?: unknown;
  /** Returns false for an answer to somebody else's command. */
  readonly accepts?: ((event: WireEvent) => boolean) | undefined;
  /** When the answer is not expected any more, if the caller does not wait for it; a time of the clock. */
  abandonedUntil?: number | undefined;
  /** Called once with its answer. */
  resolve(event: WireEvent): void;
  /** Called once with the error that refuses it. */
  reject(error: unknown): void;
}

/**
 * Knows which command each answer belongs to. Answers do not name their command, so of the commands that have one key
 * only one is in flight at a time; {@linkcode Commands} sees to that. A response, which ends once for all who cancel it, is
 * the exception.
 */
export class AckTable {
  readonly #onTurnCommitted: () => void;
  readonly #byEventId = new Map<string, SentCommand>();
  readonly #announced = new Set<string>();
  #serverKeepsIds = false;

  /** `onTurnCommitted` is called for every commit that the server made itself, at the end of a turn. */
  constructor(onTurnCommitted: () => void = () => {}) {
    this.#onTurnCommitted = onTurnCommitted;
  }

  /** How many commands have no answer yet. */
  get size(): number {
    return this.#byEventId.size;
  }

  /** Adds a command that was sent. */
  add(command: SentCommand): void {
    this.#byEventId.set(command.eventId, command);
  }

  /** The command of this key that is in flight. */
  get(key: string): SentCommand | undefined {
    return this.#all().find((command) => command.key === key);
  }

  /** Removes a command. */
  delete(eventId: string): void {
    this.#byEventId.delete(eventId);
  }

  /** Notes until when the answer to a command may come for which its caller does not wait any more. */
  abandon(eventId: string, untilMs: number): void {
    const command = this.#byEventId.get(eventId);
    if (command) command.abandonedUntil = untilMs;
  }

  /** Resolves the commands that this event answers. */
  receive(event: WireEvent): void {
    for (const command of this.#answeredBy(event)) {
      if (command.accepts?.(event) === false) continue;
      this.delete(command.eventId);
      command.resolve(event);
    }
  }

  /** Rejects the command of this event id, or the only one if there is no id; returns whether there was one. */
  refuse(eventId: string | undefined, error: unknown): boolean {
    const command = eventId === undefined ? this.#all()[0] : this.#byEventId.get(eventId);
    if (!command) return false;
    this.delete(command.eventId);
    command.reject(error);
    return true;
  }

  /** Rejects everything. */
  close(error: Error): void {
    for (const { eventId } of this.#all()) this.refuse(eventId, error);
  }

  #all(): readonly SentCommand[] {
    return [...this.#byEventId.values()];
  }

  #answeredBy(event: WireEvent): readonly SentCommand[] {
    const { type } = event;
    switch (type) {
      case "input_audio_buffer.speech_started":
      case "input_audio_buffer.timeout_triggered":
        addBounded(this.#announced, stringAt(event, "item_id") ?? "", MAX_ANNOUNCED);
        return [];
      case "input_audio_buffer.committed":
        return this.#committed(event);
      case "input_audio_buffer.cleared":
        this.#announced.clear();
        return this.#first(type);
      case "output_audio_buffer.cleared":
      case "session.updated":
        return this.#first(type);
      case "conversation.item.added":
      case "conversation.item.created":
        return this.#created(event.item);
      case "conversation.item.retrieved":
        return this.#first(type, stringAt(event, "item", "id"));
      case "conversation.item.deleted":
      case "conversation.item.truncated":
        return this.#first(type, stringAt(event, "item_id"));
      case "response.done": {
        const key = ackKey(type, stringAt(event, "response", "id"));
        return this.#all().filter((command) => command.key === key);
      }
    }
    return [];
  }

  /** An item that the server announced beforehand was committed by itself, at the end of a turn. */
  #committed(event: WireEvent): readonly SentCommand[] {
    const isTurn = this.#announced.delete(stringAt(event, "item_id") ?? "");
    const commands = isTurn ? [] : this.#first(event.type);
    if (commands.length === 0) this.#onTurnCommitted();
    return commands;
  }

  #created(item: unknown): readonly SentCommand[] {
    const type = "conversation.item.added";
    const id = stringAt(item, "id");
    const [command] = id ? this.#first(type, id) : [];
    if (command) this.#serverKeepsIds = true;
    if (command || this.#serverKeepsIds) return command ? [command] : [];
    // Some servers give items ids of their own: the oldest command whose item this can be.
    return this.#all().filter((sent) => sent.key.startsWith(`${type} `) && isEcho(sent.item, item)).slice(0, 1);
  }

  /** The command in flight of this type and id; of any id if the answer names none, as some servers leave it out. */
  #first(type: string, id?: string): readonly SentCommand[] {
    const isAnswered = ({ key }: SentCommand) => id ? key === ackKey(type, id) : key.split(" ")[0] === type;
    return this.#all().filter(isAnswered).slice(0, 1);
  }
}

/** Key of the commands that wait for events of this type about this item or response. */
export function ackKey(type: string, id = ""): string {
  return `${type} ${id}`;
}

/** Whether `got` can be what the server made of `sent`: what it leaves out, or has besides, does not count. */
function isEcho(sent: unknown, got: unknown): boolean {
  if (got === undefined || got === null) return true;
  if (Array.isArray(sent)) {
    return Array.isArray(got) && got.length === sent.length && sent.every((value, index) => isEcho(value, got[index]));
  }
  if (!isRecord(sent)) return sent === got;
  return isRecord(got) &&
    Object.entries(sent).every(([name, value]) => /^(id|object|status)$/.test(name) || isEcho(value, got[name]));
}
