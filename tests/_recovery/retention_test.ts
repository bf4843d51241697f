import { assertEquals } from "@std/assert";
import { toBytes } from "../../src/audio/mod.ts";
import type { Socket } from "../../src/transport/socket.ts";
import { tone } from "../simulator/_sound.ts";
import { collectGarbage } from "../transport/_collect_garbage.ts";
import { openWorld } from "../session/recovery/_world.ts";

Deno.test("a session keeps nothing of a connection that was renewed or has dropped", async () => {
  const sockets: WeakRef<Socket>[] = [];
  const { clock, end, events, server, session } = await openWorld({ turnDetection: null }, {}, undefined, (socket) => {
    const own: Socket = {
      bufferedAmount: 0,
      send: (frame) => socket.send(frame),
      close: (code, reason) => socket.close(code, reason),
      listen: (listener) => socket.listen(listener),
    };
    sockets.push(new WeakRef(own));
    return own;
  });
  await clock.advance(56 * 60_000);
  assertEquals(events.map(({ type }) => type), ["renewed"]);
  await collectGarbage();
  assertEquals(sockets.map((socket) => socket.deref() !== undefined), [false, true]);
  session.appendAudio(toBytes(tone(500)));
  server().fault({ type: "drop" });
  await clock.advance(3000);
  assertEquals(events.at(-1)?.type, "recovered");
  await collectGarbage();
  assertEquals(sockets.map((socket) => socket.deref() !== undefined), [false, false, true]);
  await end();
});
