/**
 * A question to Azure Voice Live, which speaks the API's beta: through a dialect, the same session talks to it.
 *
 * ```sh
 * export AZURE_VOICE_LIVE_ENDPOINT=https://my-resource.services.ai.azure.com AZURE_VOICE_LIVE_API_KEY=…
 * deno run -A examples/azure_voice_live/main.ts "How are you?"
 * ```
 *
 * @module
 */
import { connect, type ConnectOptions, type Dial, type Session, withDialect } from "@oai-rt/edge";
import { createHeaderDialer } from "@oai-rt/edge/transport";
import { VOICE_LIVE } from "./dialect.ts";

/** Opens a session with Azure Voice Live; `dial` opens the socket. */
export function connectVoiceLive(
  endpoint: string,
  apiKey: string,
  { dial = createHeaderDialer(), ...options }: ConnectOptions,
): Promise<Session> {
  const dialVoiceLive: Dial = (request) => {
    const url = new URL(request.url);
    url.searchParams.set("api-version", "2025-10-01");
    const headers = new Headers({ "api-key": apiKey });
    return dial({ ...request, url, headers });
  };
  return connect({
    ...options,
    apiKey,
    baseUrl: `${endpoint}/voice-live`,
    dial: withDialect(dialVoiceLive, VOICE_LIVE),
  });
}

if (import.meta.main) {
  const [endpoint = "", apiKey = ""] = ["ENDPOINT", "API_KEY"].map((name) => Deno.env.get(`AZURE_VOICE_LIVE_${name}`));
  await using session = await connectVoiceLive(endpoint, apiKey, { model: "gpt-realtime", outputModalities: ["text"] });
  await session.sendMessage(Deno.args[0] ?? "How are you?");
  for await (const words of session.respond().textStream()) console.log(words);
}
