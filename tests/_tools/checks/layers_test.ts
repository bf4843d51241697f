import { assertEquals } from "@std/assert";
import type { Import } from "../imports.ts";
import { layerViolations } from "./layers.ts";

function edge(from: string, to: string, typeOnly = false): Import {
  return { from, to, specifier: `./${to}`, typeOnly };
}

function bare(from: string, specifier: string): Import {
  return { from, to: undefined, specifier, typeOnly: false };
}

function refused(...imports: readonly Import[]): readonly string[] {
  return imports.filter((one) => layerViolations({ imports: [one] }).length === 1).map(({ from, specifier }) =>
    `${from} ${specifier}`
  );
}

Deno.test("layerViolations() accepts the imports that the architecture allows", () => {
  assertEquals(
    layerViolations({
      imports: [
        edge("mod.ts", "src/connect.ts"),
        edge("mod.ts", "src/_internal/clock.ts", true),
        edge("src/audio/wav.ts", "src/audio/_bytes.ts"),
        edge("src/connect.ts", "src/transport/web_socket.ts"),
        edge("src/hono/app.ts", "src/connect.ts"),
        edge("src/protocol/parse.ts", "src/errors.ts"),
        edge("src/session/ack.ts", "src/_internal/clock.ts"),
        edge("src/session/ack.ts", "src/tools/define_tool.ts"),
        edge("src/session/ack.ts", "src/transport/transport.ts", true),
        edge("src/simulator/simulator.ts", "src/transport/memory.ts"),
        edge("src/simulator/simulator.ts", "src/transport/socket.ts", true),
        edge("src/errors.ts", "src/_internal/clock.ts"),
        edge("src/voice/voice.ts", "src/connect.ts"),
        edge("src/webrtc/connect.ts", "src/rest/rest.ts"),
        bare("src/hono/_auth/call_token.ts", "@std/encoding/base64url"),
        bare("src/hono/app.ts", "hono/adapter"),
        bare("src/protocol/parse.ts", "valibot"),
        bare("src/tools/json_schema.ts", "valibot"),
        bare("tests/x_test.ts", "@std/assert"),
      ],
    }),
    [],
  );
});

Deno.test("layerViolations() reports imports that point up, sideways or out of the library", () => {
  const wrong = [
    edge("src/protocol/parse.ts", "src/audio/wav.ts", true),
    edge("src/audio/wav.ts", "src/protocol/mod.ts", true),
    edge("src/transport/web_socket.ts", "src/session/session.ts", true),
    edge("src/rest/rest.ts", "src/webrtc/mod.ts"),
    edge("src/tools/run.ts", "src/session/session.ts", true),
    edge("src/simulator/simulator.ts", "src/connect.ts"),
    edge("src/connect.ts", "examples/demo/main.ts"),
    edge("src/connect.ts", "mod.ts"),
    edge("src/unknown/file.ts", "src/errors.ts"),
  ];
  assertEquals(refused(...wrong), wrong.map(({ from, specifier }) => `${from} ${specifier}`));
});

Deno.test("layerViolations() reports imports of private files of lower layers", () => {
  const wrong = [
    edge("src/session/session.ts", "src/transport/transport.ts"),
    edge("src/simulator/simulator.ts", "src/transport/socket.ts"),
    edge("src/simulator/simulator.ts", "src/transport/web_socket.ts", true),
    edge("src/simulator/simulator.ts", "src/session/session.ts", true),
    edge("mod.ts", "src/hono/mod.ts", true),
    edge("mod.ts", "src/voice/_ledger.ts"),
    edge("src/voice/voice.ts", "src/session/_queue.ts"),
    edge("src/voice/voice.ts", "src/protocol/_schemas/item.ts"),
  ];
  assertEquals(refused(...wrong), wrong.map(({ from, specifier }) => `${from} ${specifier}`));
});

Deno.test("layerViolations() reports packages outside the parts that may import them", () => {
  const wrong = [
    bare("src/session/session.ts", "valibot"),
    bare("src/protocol/parse.ts", "@valibot/to-json-schema"),
    bare("src/voice/voice.ts", "@std/encoding/base64"),
    bare("src/rest/_webhook_signature.ts", "@std/encoding/base64"),
    bare("src/audio/base64.ts", "@std/encoding/base64"),
    bare("src/audio/wav.ts", "@std/assert"),
    bare("src/connect.ts", "hono"),
    bare("src/connect.ts", "node:buffer"),
    bare("src/tools/run.ts", "npm:valibot@1"),
    bare("src/connect.ts", "@oai-rt/edge/protocol"),
  ];
  assertEquals(refused(...wrong), wrong.map(({ from, specifier }) => `${from} ${specifier}`));
});
