/** Approval of a call of an MCP tool. Counterpart of “MCP approval flow (items)”. */
import { connect, randomId, type Session } from "@oai-rt/edge";
import { environment } from "./environment.ts";
import { addWeatherServer } from "./mcp.ts";

/** Approves every call that the model requests from now on. The request is the server's item, the answer is ours. */
export function approveAll(session: Session, log: (line: string) => void): void {
  session.on("conversation.item.done", async ({ item }) => {
    if (item.type !== "mcp_approval_request" || typeof item.id !== "string") return;
    log(`approved: ${item.name}(${item.arguments})`);
    await session.addItem({
      type: "mcp_approval_response",
      id: randomId("item"),
      approval_request_id: item.id,
      approve: true,
    });
  });
}

if (import.meta.main) {
  await using session = await connect(environment());
  await addWeatherServer(session);
  approveAll(session, console.log);
  await session.sendMessage("What will the weather be like in Paris?");
  console.log(await session.respond().done);
}
