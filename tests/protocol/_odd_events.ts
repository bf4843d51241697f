import { framesOf, itemFrames, type Json, placesOf, serverFrames } from "./_frames.ts";

const ITEM_EVENTS = ["conversation.item.added", "conversation.item.done", "response.output_item.done"];

const ODD = [null, "odd", 7, -1, 1e9, true, [], {}, [null], [[]], { type: 5 }];

/** Every server event and every item in one, with one field at any depth missing, null or of another type. */
export function* oddServerEvents(): Generator<Json> {
  const items = framesOf(itemFrames).flatMap((item) =>
    ITEM_EVENTS.map((type) => ({ type, event_id: "event_1", response_id: "resp_1", item }) as unknown as Json)
  );
  for (const frame of [...framesOf(serverFrames), ...items]) {
    for (const { path, remove, replace } of placesOf(frame)) {
      if (path === "type") continue;
      yield remove();
      for (const value of ODD) yield replace(value);
    }
  }
}
