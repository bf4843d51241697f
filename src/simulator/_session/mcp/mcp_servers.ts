// This module is browser compatible.
import type { EffectiveTool, McpListedTool, McpTool, Tool, UnknownTool } from "../../../protocol/mod.ts";
import { defaultListing } from "./mcp_listing.ts";
import type { KnownMcpTool, SimulatedModel } from "../../model/simulated_model.ts";
import { type Conversation, ConversationEntry } from "../conversation/conversation.ts";
import { type AnyMcpTool, isAllowed } from "./mcp_approval.ts";
import type { Stage } from "../stage.ts";
import { Timers } from "../timers.ts";

/** Dependencies of {@linkcode McpServers}. */
export interface McpServersOptions extends Stage {
  /** The model, which knows the servers. */
  readonly simulatedModel: SimulatedModel;
  /** The conversation, which the lists are added to. */
  readonly conversation: Conversation;
}

/** The MCP servers that a session knows, each asked once for its tools. */
export class McpServers {
  readonly #options: McpServersOptions;
  readonly #timers: Timers;
  /** Last requested address of the server of each label. */
  readonly #asked = new Map<string, string>();
  readonly #listed = new Map<string, readonly McpListedTool[]>();

  constructor(options: McpServersOptions) {
    this.#options = options;
    this.#timers = new Timers(options.clock);
  }

  /** Asks the servers among the tools that have not been asked yet. */
  ask(tools: readonly Tool[]): void {
    for (const tool of tools) {
      if (tool.type !== "mcp") continue;
      const address = JSON.stringify([tool.server_url, tool.connector_id, tool.tunnel_id]);
      if (this.#asked.get(tool.server_label) === address) continue;
      this.#asked.set(tool.server_label, address);
      this.#ask(tool);
    }
  }

  /** The tools of the servers among `tools` that have been listed and may be used. */
  toolsOf(tools: readonly (Tool | EffectiveTool | UnknownTool)[]): readonly KnownMcpTool[] {
    const servers = tools.filter((tool): tool is AnyMcpTool => tool.type === "mcp");
    return servers.flatMap((server) => {
      const { server_label } = server;
      const listed = this.#listed.get(server_label) ?? [];
      return listed.filter((tool) => isAllowed(server, tool)).map((tool) => ({ ...tool, server_label }));
    });
  }

  /** Stops everything without sending an event. */
  stop(): void {
    this.#timers.stop();
  }

  #ask(server: McpTool): void {
    const { simulatedModel, conversation, ids, outbox } = this.#options;
    const { delayMs = 0, fails = false, tools } = simulatedModel.listTools?.(server) ?? defaultListing(server);
    if (!fails && !Array.isArray(tools)) {
      throw new TypeError(`Cannot list tools as listTools() must return a list tools: current value is ${tools}`);
    }
    const { server_label } = server;
    const item = { id: ids("mcpl"), type: "mcp_list_tools", server_label, tools: [] } as const;
    const entry = new ConversationEntry(item);
    const item_id = entry.id;
    conversation.insert(entry);
    outbox.emit({ type: "conversation.item.added", previous_item_id: conversation.previousIdOf(item_id), item });
    outbox.emit({ type: "mcp_list_tools.in_progress", item_id });
    this.#timers.after(delayMs, () => {
      if (fails) {
        this.#asked.delete(server_label);
      } else {
        this.#listed.set(server_label, tools);
        entry.item = { ...item, tools };
      }
      if (conversation.find(item_id)) {
        const previous_item_id = conversation.previousIdOf(item_id);
        outbox.emit({ type: "conversation.item.done", previous_item_id, item: entry.item });
      }
      outbox.emit({ type: fails ? "mcp_list_tools.failed" : "mcp_list_tools.completed", item_id });
    });
  }
}
