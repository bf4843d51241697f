// This module is browser compatible.
import type { ErrorRow } from "./error_row.ts";
import { FRAME_ERRORS } from "./frame_errors.ts";
import { REQUEST_ERRORS } from "./request_errors.ts";
import { SESSION_ERRORS } from "./session_errors.ts";

/** All refusals, by an internal name. */
export const SERVER_ERRORS = { ...FRAME_ERRORS, ...SESSION_ERRORS, ...REQUEST_ERRORS };

/** Name of a row of {@linkcode SERVER_ERRORS}. */
export type ServerErrorName = keyof typeof SERVER_ERRORS;

/** Values for the placeholders of a row. */
export type ServerErrorValues = Readonly<Record<string, string | number | null | undefined>>;

/** Fields of an error on the wire, and of an HTTP response with one. */
export type ServerErrorFields = Pick<ErrorRow, "code" | "type" | "status" | "close"> & {
  /** Field at fault, or null. */
  readonly param?: string | null;
  /** Further headers of an HTTP answer. */
  readonly headers?: Readonly<Record<string, string>>;
};

/** The server rejects a client event, a request or a connection. */
export class ServerError extends Error {
  /** Kind of error. */
  readonly type: string;
  /** Machine-readable code, or null. */
  readonly code: string | null;
  /** Field at fault, or null. */
  readonly param: string | null;
  /** HTTP status of a request that is refused. */
  readonly status: number;
  /** How a WebSocket is closed after the error; `undefined`: it stays open, or is never opened. */
  readonly close: ErrorRow["close"];
  /** Further headers of an HTTP answer. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(message: string, fields: ServerErrorFields) {
    super(message);
    this.name = "ServerError";
    this.type = fields.type ?? "invalid_request_error";
    this.code = fields.code;
    this.param = fields.param ?? null;
    this.status = fields.status ?? 400;
    this.close = fields.close;
    this.headers = fields.headers ?? {};
  }
}

/** Creates the error of a row, with values for its placeholders. */
export function serverError(
  name: ServerErrorName,
  values: ServerErrorValues = {},
  answer: Pick<ServerErrorFields, "headers" | "status"> = {},
): ServerError {
  const { text, code, param, type, ...row }: ErrorRow = SERVER_ERRORS[name];
  const fill = (template: string) => template.replace(/\{(\w+)\}/g, (_, key) => String(values[key] ?? ""));
  return new ServerError(fill(text), {
    ...row,
    code: code && fill(code),
    ...type && { type: fill(type) },
    param: param === undefined ? null : fill(param) || null,
    ...answer,
  });
}

/** The error for an unsupported value. */
export function invalidValue(param: string, value: unknown, supported: readonly string[]): ServerError {
  return serverError("invalid_value", { param, value: String(value), supported: listWords(supported) });
}

/**
 * The error for a failure of code passed to the simulator, such as a model, an upgrade or a media peer; it has no row.
 */
export function failureOf(error: unknown): ServerError {
  if (error instanceof ServerError) return error;
  const message = `The simulator failed: ${error instanceof Error ? error.message : String(error)}`;
  return new ServerError(message, { type: "server_error", code: null, status: 500 });
}

/** Lists words as the server does: `'a', 'b', and 'c'`. */
export function listWords(words: readonly string[]): string {
  const quoted = words.map((word) => `'${word}'`);
  if (quoted.length < 3) return quoted.join(" and ");
  return `${quoted.slice(0, -1).join(", ")}, and ${quoted.at(-1)}`;
}
