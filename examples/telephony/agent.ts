import { connectVoice, defineTool, VOICE_PRESETS, type VoiceSession } from "@oai-rt/edge";
import type { CallControl } from "./hold_call.ts";
import type { AnnouncedCall } from "./tickets.ts";

/** Options of an agent. */
export interface AgentOptions {
  /** The call that it answers. */
  readonly call: AnnouncedCall;
  /** The actions that it can perform on the call. */
  readonly control: CallControl;
  /** The environment. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Opens a session that answers the telephone: it knows the caller's number, and can hang up. */
export function connectAgent({ call, control, variables }: AgentOptions): Promise<VoiceSession> {
  const hangUp = defineTool({
    name: "hang_up",
    description: "Ends the call, once the caller has heard your farewell. Say goodbye before you call this.",
    followUp: "silent",
    run: () => {
      control.hangUpWhenHeard();
      return "The call ends when the caller has heard you.";
    },
  });
  return connectVoice({
    ...VOICE_PRESETS.phone,
    apiKey: variables.OPENAI_API_KEY,
    baseUrl: variables.OPENAI_BASE_URL,
    instructions: `You are on the telephone. Be brief. The caller's number is ${call.from ?? "withheld"}.`,
    tools: [hangUp],
    turnDetection: "server_vad",
    playbackSource: "reported",
    // A telephone does not wait.
    overflow: "drop-oldest",
  });
}
