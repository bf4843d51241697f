import { assertEquals } from "@std/assert";
import { VoiceSession } from "../../src/voice/mod.ts";
import { oddServerEvents } from "../protocol/_odd_events.ts";
import { open } from "../session/_fake_server.ts";

for (const playbackSource of ["paced", "reported", "server"] as const) {
  /** A voice session, and whether it has ended. */
  const start = async () => {
    const { server, session } = await open();
    const voice = new VoiceSession(session, { playbackSource, clock: server.clock });
    const state = { server, voice, hasEnded: false };
    void session.closed.finally(() => state.hasEnded = true);
    return state;
  };

  Deno.test(`a voice session with playback "${playbackSource}" survives every server event with one odd field`, async () => {
    let state = await start();
    const fatal: string[] = [];
    for (const odd of oddServerEvents()) {
      state.server.emit(odd);
      await state.server.settle();
      if (!state.hasEnded) continue;
      fatal.push(JSON.stringify(odd));
      state = await start();
    }
    assertEquals(fatal, []);
    await state.voice.close();
  });
}
