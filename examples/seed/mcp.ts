/** Tools of an MCP server. Counterpart of “MCP example”. */
import { connect, type Session } from "@oai-rt/edge";
import { environment } from "./environment.ts";

/** Lets the model use a weather server, and asks before every call. */
export async function addWeatherServer(session: Session): Promise<void> {
  await session.update({
    tools: [{
      type: "mcp",
      server_label: "weather",
      server_url: "https://mcp.example.com",
      require_approval: "always",
    }],
    tool_choice: "auto",
  });
}

if (import.meta.main) {
  await using session = await connect(environment());
  await addWeatherServer(session);
}
