// This module is browser compatible.
import { ConnectionError } from "../errors.ts";

/**
 * Checks that the runtime is new enough for this package.
 *
 * @throws {ConnectionError} of kind `configuration` when the runtime is too old; the message lists the supported
 * versions.
 */
export function assertRuntime(runtime: object = globalThis): void {
  const { Promise } = runtime as { readonly Promise?: { readonly withResolvers?: unknown } };
  // The newest feature that every session needs.
  if (Promise?.withResolvers) return;
  const versions = "Node.js 22, Deno 2, Bun 1.2, or a browser of 2024";
  throw new ConnectionError(`Cannot connect as this runtime is too old: use ${versions} or newer`, {
    kind: "configuration",
  });
}
