/**
 * `@std/encoding/base64`, taken from the npm package `deno-std`, which ships no types.
 *
 * @module
 */

// @ts-types="./base64.d.ts"
export * from "deno-std/encoding/base64.js";
