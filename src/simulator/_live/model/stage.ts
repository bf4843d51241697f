// This module is browser compatible.
import type { IdGenerator } from "../../../_internal/ids.ts";
import type { LiveServerEvent, LiveSessionResource } from "../../../protocol/mod.ts";
import type { LiveScenario, LiveScenarioTurn } from "../../live/live_scenario.ts";
import type { VoiceTrack } from "./voice_track.ts";

type WithoutId<E> = E extends { readonly event_id: string } ? Omit<E, "event_id"> : E;

/** A server event before it has its `event_id`. */
export type LiveOutgoing = WithoutId<LiveServerEvent>;

/** The state shared by the parts of a session. */
export interface Stage {
  /** The session with its current settings. */
  session: LiveSessionResource;
  /** Position in the session's time: the beginning of the current step, in milliseconds. */
  nowMs: number;
  /** The speech of the model. */
  readonly voice: VoiceTrack;
  /** The scenario, if there is one. */
  readonly scenario: LiveScenario | undefined;
  /** Creates identifiers. */
  readonly ids: IdGenerator;
  /** Takes the user's next turn from the scenario. */
  nextTurn(): LiveScenarioTurn | undefined;
  /** Sends an event to all clients; returns its id. */
  emit(event: LiveOutgoing): string;
}
