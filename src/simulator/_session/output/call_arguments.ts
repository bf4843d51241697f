// This module is browser compatible.
import { splitJson } from "./deltas.ts";
import type { OutputTrack, TrackHost } from "./output_track.ts";
import { textTokens, type TokenCount } from "../usage.ts";

/** Milliseconds between two pieces of arguments. */
const PIECE_MS = 10;

/** The arguments of a call, as they are streamed. */
export class CallArguments {
  readonly #host: TrackHost;
  readonly #plan: { readonly name: string; readonly arguments: string };
  #json = "";

  constructor(host: TrackHost, plan: { readonly name: string; readonly arguments: string }) {
    this.#host = host;
    this.#plan = plan;
  }

  /** The streamed part so far. */
  get json(): string {
    return this.#json;
  }

  /** Tokens of the call so far. */
  get tokens(): TokenCount {
    return this.#tokensWith("");
  }

  /** Streams the arguments of a track, see {@linkcode OutputTrack.stream}. */
  *stream(track: OutputTrack, emit: (delta: string) => void): Generator<number, boolean> {
    for (const delta of splitJson(this.#plan.arguments)) {
      if (!this.#host.allows(track, this.#tokensWith(delta))) return false;
      this.#json += delta;
      emit(delta);
      yield this.#host.wait(PIECE_MS);
    }
    return true;
  }

  #tokensWith(delta: string): TokenCount {
    return { text: textTokens(this.#plan.name + this.#json + delta), audio: 0 };
  }
}
