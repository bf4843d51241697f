// npx wrangler secret put OPENAI_API_KEY, then npx wrangler deploy
import type { RoomBindings } from "./talk_room.ts";

export { TalkRoom } from "./talk_room.ts";

/** Bindings of wrangler. */
interface Bindings extends RoomBindings {
  readonly ROOMS: {
    idFromName(name: string): unknown;
    get(id: unknown): { fetch(request: Request): Promise<Response> };
  };
}

export default {
  /** Lets a page into the room in the path. The application must decide who may enter which room. */
  fetch(request: Request, { ROOMS }: Bindings): Promise<Response> | Response {
    if (request.headers.get("Upgrade") !== "websocket") return new Response("Connect a WebSocket", { status: 426 });
    return ROOMS.get(ROOMS.idFromName(new URL(request.url).pathname)).fetch(request);
  },
};
