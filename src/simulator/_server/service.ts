// This module is browser compatible.
import type { Calls } from "../_calls/calls.ts";
import type { MediaOption } from "../_calls/sdp_answer.ts";
import type { AdmissionPolicy } from "./session_choice.ts";
import type { SessionHost } from "./session_host.ts";
import type { SimulatedCall } from "../simulated_call.ts";
import type { LiveService } from "../_live/service/live_service.ts";
import type { SimulatedLiveSession } from "../live/simulated_live_session.ts";
import type { Upgrade } from "../upgrade/upgrade.ts";

/** Answers the SDP offer of a call, as a media peer does. */
export type AnswerSdp = (offer: string, call: SimulatedCall) => Promise<string>;

/** The state that the endpoints of a simulator share. */
export interface Service {
  /** Accepted clients and sessions. */
  readonly policy: AdmissionPolicy;
  /** State shared by sessions. */
  readonly host: SessionHost;
  /** The calls. */
  readonly calls: Calls;
  /** The sessions of the Live API. */
  readonly live: LiveService;
  /** Upgrades requests to WebSockets; absent where that is not possible. */
  readonly upgrade: Upgrade | undefined;
  /** Answers the offers of calls; if absent, they are answered formally. */
  readonly answerSdp: AnswerSdp | undefined;
  /** Warns, once, that a caller will receive no media. */
  readonly tellNoMedia: (callId: string, option: MediaOption) => void;
  /** Answers the offers of Live sessions; if absent, they are answered formally. */
  readonly answerLiveSdp: ((offer: string, session: SimulatedLiveSession) => Promise<string>) | undefined;
  /** Whether the simulator is closed. */
  readonly isClosed: () => boolean;
}
