/**
 * A telephone number that answers: a bridge between Twilio Media Streams and the Realtime API.
 *
 * ```sh
 * OPENAI_API_KEY=… deno run -A examples/telephony/main.ts
 * ```
 *
 * Point the number's webhook at the public address of this server. `PORT` is 8788 unless set; `OPENAI_BASE_URL` names
 * another server, such as that of `deno task simulator`.
 *
 * @module
 */
import { connectVoice, VOICE_PRESETS } from "@oai-rt/edge";
import { createTelephoneHandler } from "./host.ts";

const handler = createTelephoneHandler({
  connect: () =>
    connectVoice({
      ...VOICE_PRESETS.phone,
      apiKey: Deno.env.get("OPENAI_API_KEY"),
      baseUrl: Deno.env.get("OPENAI_BASE_URL"),
      instructions: "You are on the telephone. Be brief.",
      turnDetection: "server_vad",
      playbackSource: "reported",
    }),
  upgrade: (request) => Deno.upgradeWebSocket(request),
  onError: (error) => console.error("telephony:", error instanceof Error ? error.message : error),
});

if (import.meta.main) Deno.serve({ port: Number(Deno.env.get("PORT") ?? 8788) }, handler);
