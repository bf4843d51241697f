import { assertEquals, assertThrows } from "@std/assert";
import { createSimulator } from "../../src/simulator/simulator.ts";
import type { SimulatorOptions } from "../../src/simulator/simulator_options.ts";
import { SERVER_PROFILES } from "../../src/simulator/server_profile.ts";
import { parseScenario } from "../../src/simulator/model/parse_scenario.ts";

Deno.test("createSimulator() rejects unknown options with a suggestion", () => {
  const cases: readonly [options: object, words: string][] = [
    [{ latancy: "recorded" }, "Cannot create the simulator as there is no option latancy: did you mean latency?"],
    [{ fault: [] }, "there is no option fault: did you mean faults?"],
    [{ newerNames: { voice: [] } }, "there is no option newerNames.voice: did you mean newerNames.voices?"],
    [
      { server: "opanai" },
      "server must be one of openai, azure, voice-live, xai, self-hosted: current value is opanai, did you mean openai?",
    ],
    [{ server: { ...SERVER_PROFILES.openai, itemID: "server" } }, "there is no option server.itemID"],
    [{ server: { name: "mine" } }, "server.shape must be a string: current value is undefined"],
    [{ server: { ...SERVER_PROFILES.openai, shape: "beta" } }, "server.shape must be one of ga, voice-live, xai"],
    [
      { server: { ...SERVER_PROFILES.openai, keyProtocols: "key." } },
      "server.keyProtocols must be a list: current value is key.",
    ],
    [
      { server: { ...SERVER_PROFILES.openai, leavesOut: null } },
      "server.leavesOut must be a list: current value is null",
    ],
    [{ server: { ...SERVER_PROFILES.openai, secondResponse: "waits" } }, "must be one of refused, cancels: current"],
    [{ server: null }, "server must be an object: current value is null"],
    [{ newerNames: { voices: "zeta" } }, "newerNames.voices must be a list: current value is zeta"],
    [{ faults: { type: "drop" } }, 'faults must be a list: current value is {"type":"drop"}'],
    [{ restFaults: { type: "drop" } }, "restFaults must be a list"],
    [{ live: { latancy: "none" } }, "there is no option live.latancy: did you mean live.latency?"],
    [{ live: { latency: "fast" } }, 'live.latency must be "none" or "recorded": current value is fast'],
    [{ live: { scenario: {} } }, "live.scenario.turns must be a list: current value is null"],
    [{ live: { scenario: { turns: [], openings: "Hi" } } }, "did you mean live.scenario.opening?"],
    [{ live: { scenario: { turns: [{ say: "Hi" }] } } }, "no option live.scenario.turns[0].say: did you mean"],
    [{ live: { scenario: { turns: [{ delegates: { afterMS: 5 } }] } } }, "turns[0].delegates.afterMs?"],
    [
      { live: { scenario: { turns: [{ delegates: { calls: [{ name: "f", arguments: "{}" }] } }] } } },
      "live.scenario.turns[0].delegates.calls must be a list",
    ],
    [{ live: { scenario: { turns: [{ delegates: { calls: [[{ fn: "f" }]] } }] } } }, "delegates.calls.fn"],
    [{ live: { scenario: { turns: [], opening: 5 } } }, "live.scenario.opening must be a string: current value is of"],
    [{ live: { scenario: { turns: [], onInstructions: "Hi" } } }, "live.scenario.onInstructions must be a function"],
    [{ live: { scenario: { turns: [{}, { says: ["Hi"] }] } } }, "live.scenario.turns[1].says must be a string"],
    [
      { live: { scenario: { turns: [{ audio: new Uint8Array(2) }] } } },
      "live.scenario.turns[0].audio must be an Int16Array",
    ],
    [{ live: { scenario: { turns: [{ delegates: { failsAt: "1" } }] } } }, "delegates.failsAt must be a number"],
    [
      { live: { scenario: { turns: [{ delegates: { calls: [[{ name: "f", arguments: {} }]] } }] } } },
      "delegates.calls.arguments must be a string",
    ],
    [{ live: { acceptsModel: "gpt-live-1" } }, "live.acceptsModel must be a function"],
    [{ scenario: { turns: [], speed: 2 } }, "Cannot parse scenario as there is no field speed"],
    [{ onFrame: "log" }, "Cannot create the simulator as onFrame must be a function: current value is of type string"],
    [{ upgrade: {} }, "upgrade must be a function: current value is of type object"],
    [{ acceptsApiKey: null }, "acceptsApiKey must be a function: current value is null"],
    [{ clock: {} }, "clock.now must be a function: current value is of type undefined"],
    [{ clock: null }, "clock.now must be a function"],
    [{ announcesConversation: "no" }, "announcesConversation must be a boolean: current value is of type string"],
    [{ scenario: {} }, "Cannot parse scenario as turns is missing"],
    [
      { scenario: "hello.json" },
      "Cannot parse scenario as the scenario must be an object: current value is a string, parse it first",
    ],
    [
      { scenario: { turns: [{ responses: [{ outputs: [{ type: "message", text: "Hi", audio: "hi.wav" }] }] }] } },
      'Cannot play scenario as the recording "hi.wav" is a path: it must have been loaded',
    ],
  ];
  for (const [options, words] of cases) {
    assertThrows(() => createSimulator(options as SimulatorOptions), TypeError, words);
  }
  assertThrows(
    () => createSimulator({ live: { scenario: { turns: [{ delegates: { afterMs: -1 } }] } } }),
    RangeError,
    "live.scenario.turns[0].delegates.afterMs must be >= 0: current value is -1",
  );
  for (const audioShortfallMs of [-1, NaN]) {
    assertThrows(
      () => createSimulator({ server: { ...SERVER_PROFILES.openai, audioShortfallMs } }),
      RangeError,
      `server.audioShortfallMs must be >= 0: current value is ${audioShortfallMs}`,
    );
  }
});

Deno.test("parseScenario() rejects unknown members at any level", () => {
  const message = { type: "message", text: "Hi" };
  for (
    const [scenario, path] of [
      [{ turns: [], speed: 2 }, "speed"],
      [{ turns: [{ responses: [], utterance: "Hi" }] }, "turns[0].utterance"],
      [
        { turns: [{ responses: [{ outputs: [{ ...message, voice: "marin" }] }] }] },
        "turns[0].responses[0].outputs[0].voice",
      ],
    ] as const
  ) {
    const error = assertThrows(() => parseScenario(scenario), TypeError);
    assertEquals(error.message.includes(path), true, error.message);
  }
});
