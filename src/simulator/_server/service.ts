// This module is browser compatible.
import { Calls } from "../_calls/calls.ts";
import type { MediaOption } from "../_calls/sdp_answer.ts";
import { createLiveHost } from "../_live/service/live_host.ts";
import { LiveService } from "../_live/service/live_service.ts";
import type { SimulatedLiveSession } from "../live/simulated_live_session.ts";
import type { SimulatedCall } from "../simulated_call.ts";
import type { SimulatorOptions } from "../simulator_options.ts";
import { acceptsApiKeyByDefault } from "./authentication.ts";
import { ClientSecrets } from "./client_secrets.ts";
import { acceptsModelByDefault, type AdmissionPolicy } from "./session_choice.ts";
import { createSessionHost, type SessionHost } from "./session_host.ts";
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

/**
 * Creates the state of a simulator.
 *
 * @throws {TypeError} when an option is unknown or invalid.
 * @throws {RangeError} when a number is out of range.
 */
export function createService(
  options: SimulatorOptions,
  own: Pick<Service, "isClosed" | "tellNoMedia">,
): Service {
  // It checks the options.
  const host = createSessionHost(options);
  const { acceptsApiKey = acceptsApiKeyByDefault, answerLiveSdp, answerSdp, upgrade } = options;
  const { profile } = host;
  const acceptsModel = options.acceptsModel ?? (profile.checksNames ? acceptsModelByDefault : () => true);
  return {
    ...own,
    policy: { acceptsApiKey, acceptsModel, profile, secrets: new ClientSecrets(host) },
    host,
    calls: new Calls(host),
    live: new LiveService(createLiveHost(options, host)),
    upgrade,
    answerSdp,
    answerLiveSdp,
  };
}
