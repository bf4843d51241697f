/**
 * `@std/encoding/base64url`, taken from the npm package `deno-std`, which ships no types.
 *
 * @module
 */

// @ts-types="./base64url.d.ts"
export * from "deno-std/encoding/base64url.js";
