/** A Worker that runs the store contract against its Durable Objects, for every request. */
import { type DurableObjectNamespaceLike, durableObjectStore } from "../../../src/hono/durable_object_store.ts";
import { storeContract } from "./_store_contract.ts";

export { RealtimeStoreObject } from "../../../src/hono/durable_object_store.ts";

export default {
  async fetch(_request: Request, env: { readonly REALTIME_STORE: DurableObjectNamespaceLike }): Promise<Response> {
    const expire = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
    try {
      await storeContract(durableObjectStore(env.REALTIME_STORE), expire);
      return new Response("The contract holds");
    } catch (error) {
      return new Response(error instanceof Error ? `${error.stack}` : `${error}`, { status: 500 });
    }
  },
};
