/** A WebRTC call, made and ended by HTTP. Counterpart of “REST helpers (WebRTC/SIP)”. */
import { RealtimeRest } from "@oai-rt/edge/rest";
import { environment } from "./environment.ts";

/** Hands an SDP offer on, and hangs up again; resolves with the id of the call. */
export async function callAndHangUp(rest: RealtimeRest, sdp: string): Promise<string | undefined> {
  const session = { type: "realtime", model: "gpt-realtime", output_modalities: ["audio"] } as const;
  const { callId } = await rest.createCall({ sdp, session });
  if (callId !== undefined) await rest.hangUpCall(callId);
  return callId;
}

if (import.meta.main) {
  const offer = await new Response(Deno.stdin.readable).text();
  console.log(`call_id: ${await callAndHangUp(new RealtimeRest(environment()), offer)}`);
}
