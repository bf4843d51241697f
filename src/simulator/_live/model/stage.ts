// This module is browser compatible.
import type { IdGenerator } from "../../../_internal/ids.ts";
import type { LiveServerEvent, LiveSessionResource } from "../../../protocol/mod.ts";
import type { LiveScenario, LiveScenarioTurn } from "../../live/live_scenario.ts";
import type { VoiceTrack } from "./voice_track.ts";

type WithoutId<E> = E extends { readonly event_id: string } ? Omit<E, "event_id"> : E;

/** A server event before it has its `event_id`. */
export type LiveOutgoing = WithoutId<LiveServerEvent>;

/** What the parts of a session work on. */
export interface Stage {
  /** The session as it is set now. */
  session: LiveSessionResource;
  /** Where the session's time is: the beginning of the present step, in milliseconds. */
  nowMs: number;
  /** What the model says. */
  readonly voice: VoiceTrack;
  /** What is to happen. */
  readonly scenario: LiveScenario | undefined;
  /** Makes identifiers. */
  readonly ids: IdGenerator;
  /** Takes the user's next turn off the scenario. */
  nextTurn(): LiveScenarioTurn | undefined;
  /** Sends an event to all clients; returns its id. */
  emit(event: LiveOutgoing): string;
}
