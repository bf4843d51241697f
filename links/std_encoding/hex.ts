/**
 * `@std/encoding/hex`, taken from the npm package `deno-std`, which ships no types.
 *
 * @module
 */

// @ts-types="./hex.d.ts"
export * from "deno-std/encoding/hex.js";
