import type { ConnectOptions } from "@oai-rt/edge";

/** What the examples of this folder connect with when they are run by themselves. */
export function environment(): Pick<ConnectOptions, "apiKey" | "baseUrl"> {
  return { apiKey: Deno.env.get("OPENAI_API_KEY"), baseUrl: Deno.env.get("OPENAI_BASE_URL") };
}
