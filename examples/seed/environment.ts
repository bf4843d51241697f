import type { ConnectOptions } from "@oai-rt/edge";

/** Connection options for the examples of this folder when they are run directly. */
export function environment(): Pick<ConnectOptions, "apiKey" | "baseUrl"> {
  return { apiKey: Deno.env.get("OPENAI_API_KEY"), baseUrl: Deno.env.get("OPENAI_BASE_URL") };
}
