/**
 * An agent that is safe for customers: it looks things up while it talks, asks before it refunds money, is stopped when
 * it promises too much, knows when to end, and reports its cost.
 *
 * @module
 */
import {
  connect,
  type ConnectOptions,
  defineTool,
  guardTranscript,
  type PriceTable,
  type ResponseHandle,
  type Session,
} from "@oai-rt/edge";
import * as v from "valibot";

/** US dollars per million tokens. Replace them with the current prices. */
export const PRICES: PriceTable = {
  "gpt-realtime-2.1": { "text input": 4, "cached text input": 0.4, "text output": 24 },
};

/** The shop's functions that the agent needs. */
export interface Shop {
  /** Returns the location of a parcel; may take a while. */
  findParcel(orderId: string, signal: AbortSignal): Promise<string>;
  /** Refunds money. */
  refund(orderId: string): Promise<void>;
  /** Asks a human whether a refund is in order. */
  approveRefund(orderId: string): Promise<boolean>;
  /** Called with words that the agent was stopped from saying. */
  onStopped(words: string): void;
}

const OrderSchema = v.object({ orderId: v.pipe(v.string(), v.regex(/^[0-9]{1,10}$/)) });

/** Opens a session with the agent of a shop. */
export async function openShopAgent(shop: Shop, options: ConnectOptions): Promise<Session> {
  const findParcel = defineTool({
    name: "find_parcel",
    description: "Tell where the parcel of an order is.",
    parameters: OrderSchema,
    timeoutMs: 20_000,
    filler: { afterMs: 1_500, instructions: "Say in a few words that you are looking it up." },
    run: ({ orderId }, { signal }) => shop.findParcel(orderId, signal),
  });
  const refund = defineTool({
    name: "refund",
    description: "Give the money for an order back.",
    parameters: OrderSchema,
    needsApproval: true,
    // A cough must not interrupt a payment halfway.
    onInterrupt: "continue",
    run: async ({ orderId }) => {
      await shop.refund(orderId);
      return { refunded: true };
    },
  });
  const session = await connect({
    instructions: "You work for a shop that sends parcels. Be brief.",
    outputModalities: ["text"],
    tools: [findParcel, refund],
    onToolApproval: ({ arguments: json }) => shop.approveRefund(JSON.parse(json).orderId),
    limits: { maxDurationMs: 30 * 60_000, idleMs: 5 * 60_000, maxCostUsd: 0.5, prices: PRICES },
    ...options,
  });
  let correction: ResponseHandle | undefined;
  guardTranscript(session, {
    check: (words) => /guarantee|promise/i.test(words) ? words : undefined,
    onTripped: (words, { responseId }) => {
      shop.onStopped(words);
      // A correction is not corrected again, as that could repeat endlessly.
      if (responseId === correction?.id) return;
      correction = session.respond({ instructions: "Say what you can do, without giving your word." });
    },
    onError: console.error,
  });
  return session;
}
