// The Durable Object of the example, which also reports how often it was constructed.
import { type RoomBindings, type RoomState, TalkRoom } from "../../examples/durable_object/talk_room.ts";

export { default } from "../../examples/durable_object/worker.ts";

export class CountedRoom extends TalkRoom {
  readonly #births: Promise<number>;

  constructor(state: RoomState, env: RoomBindings) {
    super(state, env);
    this.#births = state.storage.get<number>("births").then(async (births = 0) => {
      await state.storage.put("births", births + 1);
      return births + 1;
    });
  }

  override async webSocketMessage(
    page: Parameters<TalkRoom["webSocketMessage"]>[0],
    text: string | ArrayBuffer,
  ): Promise<void> {
    const births = await this.#births;
    if (text === "births") return page.send(String(births));
    await super.webSocketMessage(page, text);
  }
}
