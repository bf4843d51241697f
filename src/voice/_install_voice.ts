// This module is browser compatible.
import { isMalformedServerEvent } from "../protocol/mod.ts";
import type { InstalledPart, ServerEventHandlers, Session, SessionHost } from "../session/mod.ts";
import type { SessionHandlers, SessionPort } from "./_session_port.ts";

/**
 * Installs voice as a part of a session; `make` makes it from the session as voice sees it. `playback` says who plays the
 * audio, if the transport does not.
 *
 * @throws {TypeError} when the session has a voice already; also whatever `make` throws, and nothing is installed then.
 */
export function installVoice<T>(
  session: Session,
  playback: SessionPort["playback"] | undefined,
  make: (port: SessionPort) => T,
): T {
  let made: T;
  session.install({
    name: "voice",
    install: (host) => {
      let handlers: SessionHandlers | undefined;
      made = make(toSessionPort(host, session, playback, (given) => handlers = given));
      return toPart(() => handlers);
    },
  });
  return made!;
}

function toSessionPort(
  host: SessionHost,
  session: Session,
  playback: SessionPort["playback"] | undefined,
  subscribe: SessionPort["subscribe"],
): SessionPort {
  return {
    get config() {
      return host.config;
    },
    get activeResponse() {
      return session.activeResponse;
    },
    get bufferedAmount() {
      return session.bufferedAmount;
    },
    conversation: session.conversation,
    playback: playback ?? host.playback,
    closed: session.closed,
    subscribe,
    decideInterruptions: () => host.decideInterruptions(),
    provideHeardText: (heardTextOf) => host.provideHeardText(heardTextOf),
    takeAudio: () => host.takeAudio(),
    send: (event) => session.send(event),
    appendAudio: (audio) => session.appendAudio(audio),
    commitAudio: () => session.commitAudio(),
    clearAudio: () => session.clearAudio(),
    truncateItem: (itemId, audioEndMs, options) => session.truncateItem(itemId, audioEndMs, options),
    deleteItem: (itemId) => session.deleteItem(itemId),
    respond: (settings) => session.respond(settings),
    cancel: async () => await session.activeResponse?.cancel(),
  };
}

/** A part that hands everything to the handlers, once there are any. */
function toPart(handlers: () => SessionHandlers | undefined): InstalledPart {
  const on: ServerEventHandlers = {
    "*": (event) => {
      const { on = {}, onEvent } = handlers() ?? {};
      on[event.type]?.(event);
      onEvent?.(event);
    },
  };
  return {
    onReceived: (event) => {
      if (isMalformedServerEvent(event)) handlers()?.onMalformed(event);
    },
    on,
    onLocal: (event) => handlers()?.onLocal(event),
    close: (cause, closed) => handlers()?.onClose(closed, closed.clean ? undefined : cause),
  };
}
