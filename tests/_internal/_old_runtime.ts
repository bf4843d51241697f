/** A worker that lacks what Node.js 20 lacks. It imports modules, and answers with the message of `connect()`. */

import type { connect } from "../../mod.ts";

/** Features of 2024, by the object that has them. */
const MISSING: readonly (readonly [owner: object, names: readonly string[]])[] = [
  [Promise, ["try", "withResolvers"]],
  [Object, ["groupBy"]],
  [Map, ["groupBy"]],
  [Array, ["fromAsync"]],
  [URL, ["parse"]],
  [Set.prototype, ["difference", "intersection", "isSubsetOf", "symmetricDifference", "union"]],
  [globalThis, ["Iterator", "WebSocket"]],
  [Uint8Array, ["fromBase64", "fromHex"]],
];
for (const [owner, names] of MISSING) {
  for (const name of names) Reflect.deleteProperty(owner, name);
}

/** The members of a worker's scope that are used. */
interface WorkerScope {
  addEventListener(type: "message", listener: (event: MessageEvent<readonly string[]>) => void): void;
  postMessage(message: string): void;
}
const scope = globalThis as unknown as WorkerScope;

scope.addEventListener("message", async ({ data }) => {
  try {
    const modules = await Promise.all(data.map((url) => import(url)));
    const main = modules[0] as { readonly connect: typeof connect };
    await main.connect({ apiKey: "sk-test" });
  } catch (error) {
    scope.postMessage(String(error));
  }
});
