/**
 * `@std/assert`, taken from the npm package `deno-std`, which ships no types.
 *
 * @module
 */

// @ts-types="./mod.d.ts"
export * from "deno-std/assert/mod.js";
