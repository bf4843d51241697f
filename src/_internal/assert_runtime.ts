// This module is browser compatible.
import { ConnectionError } from "../errors.ts";

/**
 * Checks that the runtime is new enough for this package.
 *
 * @throws {ConnectionError} of kind `configuration` when the runtime is too old; the message lists the supported
 * versions.
 */
export function assertRuntime(runtime: unknown = globalThis): void {
  const { process, Promise } = runtime as {
    readonly process?: { readonly versions?: { readonly node?: string } };
    readonly Promise?: { readonly withResolvers?: unknown };
  };
  // The newest feature that every session needs.
  if (typeof Promise?.withResolvers === "function") return;
  const node = process?.versions?.node;
  const what = node === undefined ? "" : ` (Node.js ${node})`;
  const versions = "Node.js 22, Deno 2, Bun 1.2, or a browser of 2024";
  throw new ConnectionError(`Cannot connect as this runtime is too old${what}: use ${versions} or newer`, {
    kind: "configuration",
  });
}
