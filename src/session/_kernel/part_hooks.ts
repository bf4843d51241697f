// This module is browser compatible.
import { callListener } from "../../_internal/call_listener.ts";
import type { ResponseHandle } from "../response_handle.ts";
import type { ResponseOrigin, SessionHost } from "../session_part.ts";

/** A reason why a session is not idle. */
type Work = Parameters<SessionHost["holdIdle"]>[0];

/** The registrations of a part. */
interface Hooks {
  readonly work?: Work;
  readonly onInterrupt?: Parameters<SessionHost["onInterrupt"]>[0];
  readonly onUnseenEnd?: Parameters<SessionHost["onUnseenEnd"]>[0];
  readonly followUpOf?: Parameters<SessionHost["provideFollowUps"]>[0];
  readonly onHeard?: Parameters<SessionHost["onHeard"]>[0];
  /** Whether the part decides about interruptions, rather than the server's speech detection. */
  readonly decides?: boolean;
  /** Whether the part consumes the audio of the conversation as it arrives. */
  readonly isAudioTaken?: boolean;
}

/** The part of a kernel that keeps the functions that parts have registered with it. None can disturb the session. */
export abstract class PartHooks {
  #all: readonly Hooks[] = [];

  /** Reports an exception of a function, and its name. */
  abstract report(error: unknown, name: string): void;

  onInterrupt(listener: Parameters<SessionHost["onInterrupt"]>[0]): void {
    this.#add({ onInterrupt: listener });
  }

  onUnseenEnd(listener: (origin: ResponseOrigin) => void): void {
    this.#add({ onUnseenEnd: listener });
  }

  onHeard(listener: Parameters<SessionHost["onHeard"]>[0]): void {
    this.#add({ onHeard: listener });
  }

  provideFollowUps(followUpOf: Parameters<SessionHost["provideFollowUps"]>[0]): void {
    this.#add({ followUpOf });
  }

  holdIdle(work: Work): void {
    this.#add({ work });
  }

  takeAudio(): void {
    this.#add({ isAudioTaken: true });
  }

  decideInterruptions(): () => void {
    this.#add({ decides: true });
    return () => this.interrupt(false);
  }

  /** Whether speech that the server detects interrupts. */
  protected get speechInterrupts(): boolean {
    return !this.#all.some(({ decides }) => decides);
  }

  /** Whether a part consumes the audio of the conversation as it arrives. */
  get isAudioTaken(): boolean {
    return this.#all.some(({ isAudioTaken }) => isAudioTaken);
  }

  /** Calls a function; if it throws, its registrations are removed. */
  protected attempt<T>(install: () => T): T {
    const all = this.#all;
    try {
      return install();
    } catch (error) {
      this.#all = all;
      throw error;
    }
  }

  /** Reports an interruption to the parts; `isFinal` means that no response should follow the running ones. */
  interrupt(isFinal: boolean): void {
    for (const { onInterrupt } of this.#all) this.#call("onInterrupt", () => onInterrupt?.({ isFinal }));
  }

  /** Reports to the parts that the audio of an item was cut. */
  reportHeard(...cut: Parameters<SessionHost["reportHeard"]>): void {
    for (const { onHeard } of this.#all) this.#call("onHeard", () => onHeard?.(...cut));
  }

  /** Reports a response whose end the server omitted. */
  endUnseen(origin: ResponseOrigin): void {
    for (const { onUnseenEnd } of this.#all) this.#call("onUnseenEnd", () => onUnseenEnd?.(origin));
  }

  /** Whether the model is about to speak, according to a part. */
  protected isBusy(except?: object): boolean {
    return this.#some("isBusy", except);
  }

  /** Whether a part is working. */
  protected isWorking(): boolean {
    return this.#some("isActive");
  }

  /** Resolves with the response that follows the tools of this one, which has not ended yet, if there is one. */
  async followUpOf(
    { origin }: ResponseHandle & { readonly origin: ResponseOrigin },
  ): Promise<ResponseHandle | undefined> {
    try {
      return await this.#all.findLast((hooks) => hooks.followUpOf)?.followUpOf?.(origin);
    } catch (error) {
      this.report(error, "provideFollowUps");
    }
  }

  #add(hooks: Hooks): void {
    this.#all = this.#all.concat(hooks);
  }

  #some(name: keyof Work, except?: object): boolean {
    let isTrue = false;
    for (const { work } of this.#all) this.#call(name, () => void (isTrue ||= work?.[name](except) ?? false));
    return isTrue;
  }

  #call(name: string, hook: () => unknown): void {
    callListener(hook, (error) => this.report(error, name));
  }
}
