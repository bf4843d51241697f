// This module is browser compatible.
import { toWireEvent } from "../_internal/wire.ts";
import { isMalformedServerEvent } from "../protocol/mod.ts";
import { isLocalEvent, type Session } from "../session/mod.ts";
import type { SessionHandlers, SessionPort } from "./_session_port.ts";

/** The {@linkcode SessionPort} of a session whose audio is played by `playback`. */
export function toSessionPort(session: Session, playback: SessionPort["playback"]): SessionPort {
  return {
    get config() {
      return session.config;
    },
    get activeResponse() {
      return session.activeResponse;
    },
    get bufferedAmount() {
      return session.bufferedAmount;
    },
    conversation: session.conversation,
    playback,
    closed: session.closed,
    subscribe: (handlers) => subscribe(session, handlers),
    // A session takes `speech_started` and its own `cancel()` for interruptions, and needs no notice.
    decideInterruptions: () => () => {},
    send: (event) => session.send(event),
    appendAudio: (audio) => session.appendAudio(audio),
    commitAudio: () => session.commitAudio(),
    clearAudio: () => session.clearAudio(),
    truncateItem: (itemId, audioEndMs, options) => session.truncateItem(itemId, audioEndMs, options),
    deleteItem: (itemId) => session.deleteItem(itemId),
    respond: (settings) => session.respond(settings),
    cancel: () => session.cancel(),
  };
}

function subscribe(session: Session, { on, onEvent, onLocal, onMalformed }: SessionHandlers): void {
  const handlers = new Map(Object.entries(on));
  session.on("*", (event) => {
    if (isLocalEvent(event)) return onLocal(event);
    if (isMalformedServerEvent(event)) onMalformed(event);
    const wire = toWireEvent(event);
    if (!wire) return;
    handlers.get(wire.type)?.(wire);
    onEvent(wire);
  });
}
