// This module is browser compatible.
import { ServerError, type ServerErrorOptions } from "../_session/server_error.ts";

/** Close codes of refused connections: who is calling, and what for. */
const AUTHENTICATION = 3000;
const SHAPE = 4000;

/** What is known about an {@linkcode HttpServerError}. */
interface HttpServerErrorOptions extends ServerErrorOptions {
  /** Further headers of the answer. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A request is refused with an HTTP status. */
export class HttpServerError extends ServerError {
  /** HTTP status. */
  readonly status: number;
  /** Further headers of the answer. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, options: HttpServerErrorOptions) {
    super(message, options);
    this.name = "HttpServerError";
    this.status = status;
    this.headers = options.headers ?? {};
  }
}

/**
 * Nobody, or not this, is let in: a request gets the status, a WebSocket is opened, gets an error and is closed, as
 * the real server does it.
 */
export class AdmissionError extends HttpServerError {
  /** Close code. */
  readonly closeCode: number;

  constructor(who: "authentication" | "shape", message: string, options: ServerErrorOptions) {
    super(who === "authentication" ? 401 : 400, message, options);
    this.name = "AdmissionError";
    this.closeCode = who === "authentication" ? AUTHENTICATION : SHAPE;
  }

  /** Reason of the close frame, as the real server gives it: a missing key is a bad one there. */
  get closeReason(): string {
    return `${this.type}.${this.code ?? "invalid_api_key"}`;
  }
}

/** There is no call of this id, or none any more: a WebSocket is not opened either. */
export function callNotFound(): HttpServerError {
  return new HttpServerError(404, "No session found for the provided call_id", { code: "call_id_not_found" });
}

/** What is thrown and no refusal: code that the simulator was given has failed, a model, an upgrade or a media peer. */
export function failureOf(error: unknown): HttpServerError {
  const message = `The simulator failed: ${error instanceof Error ? error.message : String(error)}`;
  return new HttpServerError(500, message, { type: "server_error", code: null });
}
