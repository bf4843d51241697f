// This module is browser compatible.
import { callListener } from "../../_internal/call_listener.ts";
import type { ResponseHandle } from "../response_handle.ts";
import type { ResponseOrigin, SessionHost } from "../session_part.ts";

/** Why a session is not idle. */
type Work = Parameters<SessionHost["holdIdle"]>[0];

/** Functions that parts have registered. */
interface Hooks {
  readonly work: readonly Work[];
  readonly onInterrupt: readonly Parameters<SessionHost["onInterrupt"]>[0][];
  readonly onUnseenEnd: readonly Parameters<SessionHost["onUnseenEnd"]>[0][];
  readonly followUpOf: Parameters<SessionHost["provideFollowUps"]>[0];
  readonly heardTextOf: SessionHost["heardTextOf"];
  /** Whether speech that the server hears interrupts; false once a part decides about interruptions. */
  readonly speechInterrupts: boolean;
  /** Whether a part takes the audio of the conversation as it comes. */
  readonly isAudioTaken: boolean;
}

/** Functions that parts have registered with their host. None of them can disturb the session. */
export class PartHooks {
  readonly #report: (error: unknown, name: string) => void;
  #hooks: Hooks = {
    work: [],
    onInterrupt: [],
    onUnseenEnd: [],
    followUpOf: () => Promise.resolve(undefined),
    heardTextOf: () => undefined,
    speechInterrupts: true,
    isAudioTaken: false,
  };

  /** `report` is called with what a function throws, and the name of the function. */
  constructor(report: (error: unknown, name: string) => void) {
    this.#report = report;
  }

  /** Whether speech that the server hears interrupts. */
  get speechInterrupts(): boolean {
    return this.#hooks.speechInterrupts;
  }

  /** Whether a part takes the audio of the conversation as it comes. */
  get isAudioTaken(): boolean {
    return this.#hooks.isAudioTaken;
  }

  /** The words that were heard of an item, where a part knows. */
  get heardTextOf(): SessionHost["heardTextOf"] {
    return this.#hooks.heardTextOf;
  }

  /** Registers functions. */
  add({ work = [], onInterrupt = [], onUnseenEnd = [], ...rest }: Partial<Hooks>): void {
    const hooks = this.#hooks;
    this.#hooks = {
      ...hooks,
      work: [...hooks.work, ...work],
      onInterrupt: [...hooks.onInterrupt, ...onInterrupt],
      onUnseenEnd: [...hooks.onUnseenEnd, ...onUnseenEnd],
      ...rest,
    };
  }

  /** Calls a function; when it throws, nothing that it has registered stays. */
  attempt<T>(install: () => T): T {
    const hooks = this.#hooks;
    try {
      return install();
    } catch (error) {
      this.#hooks = hooks;
      throw error;
    }
  }

  /** Reports an interruption to the parts. */
  interrupt(isFinal: boolean): void {
    for (const hook of this.#hooks.onInterrupt) this.#call("onInterrupt", () => hook({ isFinal }));
  }

  /** Reports a response whose end the server left out. */
  endUnseen(origin: ResponseOrigin): void {
    for (const hook of this.#hooks.onUnseenEnd) this.#call("onUnseenEnd", () => hook(origin));
  }

  /** Whether a part says that the model is going to speak. */
  isBusy(except?: object): boolean {
    return this.#some("isBusy", (work) => work.isBusy(except));
  }

  /** Whether a part is at work. */
  isActive(): boolean {
    return this.#some("isActive", (work) => work.isActive());
  }

  /** Resolves with the response that follows the tools of another, if there is one. */
  async followUpOf(origin: ResponseOrigin): Promise<ResponseHandle | undefined> {
    try {
      return await this.#hooks.followUpOf(origin);
    } catch (error) {
      this.#report(error, "provideFollowUps");
    }
  }

  #some(name: string, condition: (work: Work) => boolean): boolean {
    let isTrue = false;
    for (const work of this.#hooks.work) this.#call(name, () => void (isTrue ||= condition(work)));
    return isTrue;
  }

  #call(name: string, hook: () => unknown): void {
    callListener(hook, (error) => this.#report(error, name));
  }
}
