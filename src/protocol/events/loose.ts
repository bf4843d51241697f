// This module is browser compatible.
import type { ServerEventMap, ServerEventType } from "./server_event.ts";

/**
 * A value as servers other than OpenAI's may send it: every field may be absent or null, at any depth.
 *
 * @category Events
 */
export type Loose<T> = T extends readonly (infer Item)[] ? readonly Loose<Item>[]
  : T extends object ? { readonly [Field in keyof T]?: Loose<T[Field]> | null | undefined }
  : T;

/**
 * An event of a type as servers other than OpenAI's may send it: only `type` is certain. `parseServerEvent` delivers such
 * events as known ones, since it checks only the fields of the event itself, and only those that are present.
 *
 * @category Events
 *
 * @category Events
 *
 * @example Read an event of any server
 * ```ts
 * import { isServerEvent, type LooseServerEvent, parseServerEvent } from "@oai-rt/edge/protocol";
 * import { assertEquals } from "@std/assert";
 *
 * const event = parseServerEvent(`{"type":"response.done"}`);
 * if (isServerEvent(event, "response.done")) {
 *   const { response }: LooseServerEvent<"response.done"> = event;
 *   assertEquals(response?.output?.length ?? 0, 0);
 * }
 * ```
 */
export type LooseServerEvent<Type extends ServerEventType> = Loose<ServerEventMap[Type]> & { readonly type: Type };
