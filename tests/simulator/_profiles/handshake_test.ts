import { assertEquals, assertObjectMatch } from "@std/assert";
import { createSimulator } from "../../../src/simulator/simulator.ts";
import { SERVER_PROFILES, type ServerName } from "../../../src/simulator/server_profile.ts";
import { Api, OWNER } from "../_api.ts";
import { Client, type Frame, only, typesOf } from "../_client.ts";

const ADDRESS = "wss://simulator/v1/realtime";

async function connect(server: ServerName, url: string, headers: HeadersInit, protocols: string[]): Promise<Client> {
  const client = new Client({ server });
  await client.dial(url, headers, protocols);
  await client.clock.advance(10);
  return client;
}

Deno.test("xAI accepts an address without a model, the others refuse it", async () => {
  for (const server of Object.keys(SERVER_PROFILES) as ServerName[]) {
    const client = await connect(server, ADDRESS, OWNER, []);
    const [first] = client.take() as [Frame & { session?: Frame; error?: Frame }];
    assertEquals(first.session?.model ?? first.error?.code, server === "xai" ? "grok-voice-latest" : "missing_model");
  }
});

Deno.test("xAI opens the session of a client secret in its own subprotocol, and selects that", async () => {
  const api = new Api({ server: "xai" });
  const minted = await (await api.post("/realtime/client_secrets", { expires_after: { seconds: 300 } })).json();
  const protocols = [`xai-client-secret.${minted.value}`];
  const client = await api.connect(ADDRESS, {}, protocols);
  assertObjectMatch(only(client.take(), "session.created"), { session: { model: "grok-voice-latest" } });
  const openai = await connect("openai", `${ADDRESS}?model=gpt-realtime`, {}, ["xai-client-secret.sk-test"]);
  assertEquals(openai.closed?.reason, "invalid_request_error", "it carries no key there");

  const selected: unknown[] = [];
  for (const server of ["xai", "openai"] as const) {
    const simulator = createSimulator({
      server,
      upgrade(_request, { protocol }) {
        selected.push(protocol);
        const socket = { readyState: 3, binaryType: "blob", send() {}, close() {}, addEventListener() {} } as const;
        return { response: new Response(), socket };
      },
    });
    for (
      const key of ["xai-client-secret.sk-test", "openai-insecure-api-key.sk-test", "realtime,xai-client-secret.x"]
    ) {
      const headers = { upgrade: "websocket", "sec-websocket-protocol": key };
      await simulator.fetch("https://simulator/v1/realtime?model=gpt-realtime", { headers });
    }
  }
  assertEquals(selected, [
    ...["xai-client-secret.sk-test", "openai-insecure-api-key.sk-test", "realtime"],
    ...[undefined, undefined, "realtime"],
  ]);
});

Deno.test("Only OpenAI and Azure refuse clients that request the beta API", async () => {
  for (const server of Object.keys(SERVER_PROFILES) as ServerName[]) {
    const url = `${ADDRESS}?model=gpt-realtime`;
    for (
      const client of [
        await connect(server, url, { ...OWNER, "openai-beta": "realtime=v1" }, []),
        await connect(server, url, OWNER, ["realtime", "openai-beta.realtime-v1"]),
      ]
    ) {
      const isRefused = server === "openai" || server === "azure";
      assertEquals(typesOf(client.take())[0], isRefused ? "error" : "session.created", server);
    }
  }
});

Deno.test("Voice Live accepts an agent in place of a model at its own address", async () => {
  const agent = "agent-name=clerk&agent-project-name=shop&api-version=2026-06-01-preview";
  const client = await connect("voice-live", `wss://simulator/voice-live/realtime?${agent}`, { "api-key": "k" }, []);
  assertObjectMatch(only(client.take(), "session.created"), { session: { model: "clerk" } });
  const elsewhere = await connect("voice-live", `${ADDRESS}?${agent}`, OWNER, []);
  assertObjectMatch(only(elsewhere.take(), "error"), { error: { code: "missing_model" } });
  const xai = await connect("xai", `wss://simulator/voice-live/realtime?${agent}`, OWNER, []);
  assertObjectMatch(only(xai.take(), "session.created"), { session: { model: "grok-voice-latest" } });
});

Deno.test("Only OpenAI refuses another model in a session.update: elsewhere the address has a name of its own", async () => {
  for (const server of Object.keys(SERVER_PROFILES) as ServerName[]) {
    const client = await Client.open({ server, url: `${ADDRESS}?model=gpt-realtime` });
    for (const model of ["gpt-realtime-2.1", ""]) {
      const session = { type: "realtime", model, instructions: "Be brief." };
      const [answer] = await client.ask({ type: "session.update", session }) as [
        Frame & Record<"error" | "session", Frame>,
      ];
      if (server === "openai") {
        assertObjectMatch(answer.error, { code: "invalid_value", param: "session.model" });
      } else {
        assertObjectMatch(answer.session, { model: "gpt-realtime", instructions: "Be brief." }, server);
      }
    }
  }
});
