// This module is browser compatible.

/** Data of the wire's `error` object but for the `event_id`, which the session adds. */
export interface ServerErrorOptions {
  /** Machine-readable code, or null. */
  readonly code: string | null;
  /** Field at fault, or null. */
  readonly param?: string | null | undefined;
  /**
   * Kind of error.
   *
   * @default {"invalid_request_error"}
   */
  readonly type?: string | undefined;
}

/** The server says no to a client event. Never ends the session; the message is worded as the server words it. */
export class ServerError extends Error {
  /** Kind of error. */
  readonly type: string;
  /** Machine-readable code, or null. */
  readonly code: string | null;
  /** Field at fault, or null. */
  readonly param: string | null;

  constructor(message: string, options: ServerErrorOptions) {
    super(message);
    this.name = "ServerError";
    this.type = options.type ?? "invalid_request_error";
    this.code = options.code;
    this.param = options.param ?? null;
  }
}

/** Lists words as the server does: `'a', 'b', and 'c'`. */
export function listWords(words: readonly string[]): string {
  const quoted = words.map((word) => `'${word}'`);
  if (quoted.length < 3) return quoted.join(" and ");
  return `${quoted.slice(0, -1).join(", ")}, and ${quoted.at(-1)}`;
}

/** A word that is none of those the server knows. */
export function invalidValue(param: string, value: unknown, supported: readonly string[]): ServerError {
  return new ServerError(`Invalid value: '${value}'. Supported values are: ${listWords(supported)}.`, {
    code: "invalid_value",
    param,
  });
}

/** An item that a command names is not in the conversation. */
export function itemNotFound(action: "deleting" | "retrieving" | "truncating", itemId: string): ServerError {
  const verb = { deleting: "delete", retrieving: "retrieve", truncating: "truncate" }[action];
  return new ServerError(`Error ${action} item: the item with id '${itemId}' does not exist.`, {
    code: `item_${verb}_invalid_item_id`,
  });
}
