/**
 * The part of `@std/encoding` that this repository uses, taken from the npm package `deno-std`.
 *
 * @module
 */

export * from "./base64.ts";
export * from "./base64url.ts";
export * from "./hex.ts";
