// npx wrangler secret put OPENAI_API_KEY, then npx wrangler deploy
import type { RoomBindings } from "./talk_room.ts";

export { TalkRoom } from "./talk_room.ts";

/** What wrangler binds. */
interface Bindings extends RoomBindings {
  readonly ROOMS: {
    idFromName(name: string): unknown;
    get(id: unknown): { fetch(request: Request): Promise<Response> };
  };
}

export default {
  /** Lets a page into the room that the path names. Who may enter which room is for the application to say. */
  fetch(request: Request, { ROOMS }: Bindings): Promise<Response> | Response {
    if (request.headers.get("Upgrade") !== "websocket") return new Response("Connect a WebSocket", { status: 426 });
    return ROOMS.get(ROOMS.idFromName(new URL(request.url).pathname)).fetch(request);
  },
};
