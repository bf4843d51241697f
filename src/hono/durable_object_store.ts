import { applyOperation, type StoredRecord, type StoreOperation } from "./_stores/records.ts";
import { assertHost, kindOf, storeOf } from "./_stores/store_of.ts";
import type { RealtimeStore } from "./realtime_store.ts";

/**
 * The members of a `DurableObjectNamespace` that are used.
 *
 * @category Edge app
 */
export interface DurableObjectNamespaceLike {
  /** The id of the object with this name. */
  idFromName(name: string): unknown;
  /** The object. */
  // deno-lint-ignore no-explicit-any -- its type is the platform's, and nominal there
  get(id: any): { fetch(url: string, init?: RequestInit): Promise<Response> };
}

/**
 * The members of a `DurableObjectState` that are used.
 *
 * @category Edge app
 */
export interface DurableObjectStateLike {
  /** The storage of the object. */
  readonly storage: {
    get<Value>(key: string): Promise<Value | undefined>;
    put<Value>(key: string, value: Value): Promise<void>;
    deleteAll(): Promise<void>;
    getAlarm(): Promise<number | null>;
    setAlarm(unixMs: number): Promise<void>;
  };
}

/**
 * Creates a store in Durable Objects, one for each key: `durableObjectStore(env.REALTIME_STORE)`. The namespace is
 * bound to the class {@linkcode RealtimeStoreObject}, which the Worker exports.
 *
 * @category Edge app
 *
 * @throws {TypeError} when it is not bound.
 */
export function durableObjectStore(namespace: DurableObjectNamespaceLike): RealtimeStore {
  assertHost(namespace, ["get", "idFromName"], "a namespace of Durable Objects: bind it in the wrangler file");
  return storeOf(async (operation: StoreOperation) => {
    const object = namespace.get(namespace.idFromName(`${kindOf(operation.op)} ${operation.key}`));
    const response = await object.fetch("https://store/", { method: "POST", body: JSON.stringify(operation) });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`Cannot reach the store as its Durable Object answered with status ${response.status}`);
    }
    return await response.json();
  });
}

/**
 * The Durable Object behind {@linkcode durableObjectStore}. A Worker exports it, and binds it in its wrangler file: `{
 * "name": "REALTIME_STORE", "class_name": "RealtimeStoreObject" }`. It deletes itself when its record expires.
 *
 * @category Edge app
 */
export class RealtimeStoreObject {
  readonly #storage: DurableObjectStateLike["storage"];

  /** Called by the runtime. */
  constructor({ storage }: DurableObjectStateLike) {
    this.#storage = storage;
  }

  /** Executes one operation. The runtime runs no other code of this object while it waits for its storage. */
  async fetch(request: Request): Promise<Response> {
    const operation: StoreOperation = await request.json();
    const stored = await this.#storage.get<StoredRecord>("record");
    const { record, result } = applyOperation(stored, operation, Date.now());
    if (record) {
      await this.#storage.put("record", record);
      // An alarm that fires too early is set again.
      if (await this.#storage.getAlarm() === null) await this.#storage.setAlarm(record.expiresAt);
    } else if (record === null) {
      await this.#storage.deleteAll();
    }
    return Response.json(result);
  }

  /** Called by the runtime when the record should have expired. */
  async alarm(): Promise<void> {
    const stored = await this.#storage.get<StoredRecord>("record");
    if (stored && stored.expiresAt > Date.now()) await this.#storage.setAlarm(stored.expiresAt);
    else await this.#storage.deleteAll();
  }
}
