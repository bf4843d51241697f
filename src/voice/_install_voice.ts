// This module is browser compatible.
import { type ClientEvent, isMalformedServerEvent } from "../protocol/mod.ts";
import type {
  InstalledPart,
  ResponseHandle,
  ResponseSettings,
  ServerEventHandlers,
  Session,
  SessionHost,
  TruncateItemOptions,
} from "../session/mod.ts";
import type { SessionHandlers, SessionPort } from "./_session_port.ts";

/**
 * Installs voice as a part of a session; `make` creates it from a view of the session. `playback` names the side that
 * plays the audio, if the transport does not.
 *
 * @throws {TypeError} when the session already has a voice. Exceptions of `make` are passed on, and nothing is then
 * installed.
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
      made = make(new HostPort(host, session, playback ?? host.playback, (given) => handlers = given));
      return toPart(() => handlers);
    },
  });
  return made!;
}

/** The voice's view of the session. A class, as an object of getters and closures takes two kilobytes. */
class HostPort implements SessionPort {
  readonly conversation: SessionPort["conversation"];
  readonly playback: SessionPort["playback"];
  readonly subscribe: SessionPort["subscribe"];
  readonly #host: SessionHost;
  readonly #session: Session;

  constructor(
    host: SessionHost,
    session: Session,
    playback: SessionPort["playback"],
    subscribe: SessionPort["subscribe"],
  ) {
    this.#host = host;
    this.#session = session;
    this.conversation = session.conversation;
    this.playback = playback;
    this.subscribe = subscribe;
  }

  get config(): SessionPort["config"] {
    return this.#host.config;
  }

  get startsAnew(): boolean {
    return this.#host.generations.startsAnew;
  }

  get activeResponse(): SessionPort["activeResponse"] {
    return this.#session.activeResponse;
  }

  get bufferedAmount(): number {
    return this.#session.bufferedAmount;
  }

  get closed(): SessionPort["closed"] {
    return this.#session.closed;
  }

  report(...args: Parameters<SessionPort["report"]>): void {
    this.#host.report(...args);
  }

  decideInterruptions(): () => void {
    return this.#host.decideInterruptions();
  }

  provideHeardText(heardTextOf: (itemId: string, text: string) => string | undefined): void {
    this.#host.heardTextOf = heardTextOf;
  }

  takeAudio(): void {
    this.#host.takeAudio();
  }

  send(event: ClientEvent): void {
    this.#session.send(event);
  }

  appendAudio(audio: Uint8Array): void {
    this.#session.appendAudio(audio);
  }

  commitAudio(): Promise<string> {
    return this.#session.commitAudio();
  }

  clearAudio(): Promise<void> {
    return this.#session.clearAudio();
  }

  truncateItem(itemId: string, audioEndMs: number, options: TruncateItemOptions): Promise<void> {
    return this.#session.truncateItem(itemId, audioEndMs, options);
  }

  deleteItem(itemId: string): Promise<void> {
    return this.#session.deleteItem(itemId);
  }

  respond(settings?: ResponseSettings): ResponseHandle {
    return this.#session.respond(settings);
  }

  async cancel(): Promise<void> {
    await this.#session.activeResponse?.cancel();
  }
}

/** A part that forwards everything to the handlers, once they exist. */
function toPart(handlers: () => SessionHandlers | undefined): InstalledPart {
  const on: ServerEventHandlers = {
    "*": (event) => {
      const { on = {}, onEvent } = handlers() ?? {};
      if (Object.hasOwn(on, event.type)) on[event.type]?.(event);
      onEvent?.(event);
    },
  };
  return {
    onReceived: (event) => {
      if (isMalformedServerEvent(event)) handlers()?.onMalformed(event);
    },
    on,
    onLocal: (event) => handlers()?.onLocal(event),
    isHeard: ({ type }) => handlers()?.isHeard(type) ?? false,
    // Not when it closes, as running tools still report their end.
    end: (closed, error) => handlers()?.onClose(closed, error),
  };
}
