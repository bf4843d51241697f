/**
 * The server side of a page with a voice session, reduced to the minimum: the key stays here.
 *
 * - `POST /secret` mints a client secret that the page opens a session with, for a minute;
 * - `POST /call` forwards the page's SDP offer with settings made here, and returns the SDP answer and the id of the
 *   call.
 *
 * It listens on this machine only. A public server must authenticate its users first.
 *
 * ```sh
 * OPENAI_API_KEY=… deno run --allow-net --allow-env examples/rest/voice_backend.ts
 * ```
 */
import { InvalidEventError, RealtimeApiError, RealtimeRest } from "@oai-rt/edge/rest";

const SESSION = {
  type: "realtime",
  model: "gpt-realtime-2.1",
  instructions: "You are a calm assistant.",
  audio: { output: { voice: "marin" } },
} as const;

async function answer(request: Request, rest: RealtimeRest): Promise<Response> {
  const { signal } = request;
  switch (`${request.method} ${new URL(request.url).pathname}`) {
    case "POST /secret": {
      const expires_after = { anchor: "created_at", seconds: 60 } as const;
      const { value, expires_at } = await rest.createClientSecret({ expires_after, session: SESSION }, { signal });
      return Response.json({ value, expires_at });
    }
    case "POST /call": {
      const { sdp, callId = "" } = await rest.createCall({ sdp: await request.text(), session: SESSION }, { signal });
      return new Response(sdp, { status: 201, headers: { "Content-Type": "application/sdp", "X-Call-Id": callId } });
    }
    default:
      return new Response("Not found", { status: 404 });
  }
}

/** Creates the handler of the server. */
export function voiceBackend(rest: RealtimeRest): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      return await answer(request, rest);
    } catch (error) {
      // The page sent an invalid request: return the reason. All other errors stay between this server and the API.
      if (error instanceof InvalidEventError) return new Response(error.message, { status: 400 });
      console.error(error instanceof RealtimeApiError ? `${error.requestId}: ${error.message}` : error);
      return new Response("The voice service is not available", { status: 502 });
    }
  };
}

if (import.meta.main) {
  const rest = new RealtimeRest({
    apiKey: () => Deno.env.get("OPENAI_API_KEY"),
    baseUrl: Deno.env.get("OPENAI_BASE_URL"),
  });
  Deno.serve({ hostname: "127.0.0.1", port: 8080 }, voiceBackend(rest));
}
