// Other people's client in a page, as `globalThis.agents`; and React with the hook that the README shows.
import * as agents from "@openai/agents-realtime";

Object.assign(globalThis, { agents, kit: {} });
