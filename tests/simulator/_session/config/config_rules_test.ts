import { assertEquals, assertMatch } from "@std/assert";
import type { SimulatorOptions } from "../../../../src/simulator/simulator_options.ts";
import { Api, OWNER } from "../../_api.ts";
import { Client, errorOf, type Frame, only } from "../../_client.ts";
import { scripted, spoken } from "../../_simulated_model.ts";

const PCM = { type: "audio/pcm", rate: 24_000 };

interface Refusal {
  readonly session: Readonly<Record<string, unknown>>;
  readonly code: string;
  readonly param: string;
  readonly message: string;
}

/** Rows 12 to 15 and 26 of server_behaviour.md. */
const REFUSALS: readonly Refusal[] = [
  {
    session: { audio: { input: { transcription: { language: "en" } } } },
    code: "missing_required_parameter",
    param: "session.audio.input.transcription.model",
    message: "Missing required parameter: 'session.audio.input.transcription.model'.",
  },
  {
    session: { audio: { output: { format: { type: "audio/pcm" } } } },
    code: "missing_required_parameter",
    param: "session.audio.output.format.rate",
    message: "Missing required parameter: 'session.audio.output.format.rate'.",
  },
  {
    session: { audio: { input: { format: { type: "audio/pcm" } } } },
    code: "missing_required_parameter",
    param: "session.audio.input.format.rate",
    message: "Missing required parameter: 'session.audio.input.format.rate'.",
  },
  {
    session: { audio: { output: { voice: "nova" } } },
    code: "invalid_value",
    param: "session.audio.output.voice",
    message: "Invalid value: 'nova'. Supported values are: 'alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', " +
      "'shimmer', 'verse', 'marin', and 'cedar'.",
  },
  {
    session: { audio: { input: { transcription: { model: "whisper-9" } } } },
    code: "invalid_value",
    param: "session.audio.input.transcription.model",
    message:
      "Invalid value: 'whisper-9'. Supported values are: 'whisper-1', 'gpt-transcribe', 'gpt-live-transcribe', " +
      "'gpt-4o-mini-transcribe', 'gpt-4o-mini-transcribe-2025-12-15', 'gpt-4o-transcribe', " +
      "'gpt-4o-transcribe-diarize', and 'gpt-realtime-whisper'.",
  },
  {
    session: { output_modalities: ["audio", "text"] },
    code: "invalid_value",
    param: "session.output_modalities",
    message: "Invalid modalities: ['audio', 'text']. Supported combinations are: ['text'] and ['audio'].",
  },
  {
    session: { reasoning: { effort: "low" } },
    code: "invalid_value",
    param: "session.reasoning",
    message: "The 'reasoning' parameter is not supported with the model 'gpt-realtime'.",
  },
];

function update(session: object): Readonly<Record<string, unknown>> {
  return { type: "session.update", session: { type: "realtime", ...session } };
}

Deno.test("Configuration that the real server refuses discards the whole update", async () => {
  for (const { code, message, param, session } of REFUSALS) {
    const client = await Client.open();
    const error = errorOf(await client.ask(update({ instructions: "Be brief.", ...session })));
    assertEquals(error, { type: "invalid_request_error", code, message, param, event_id: null });
    const now = client.simulator.sessions[0]!.session as { readonly instructions: string };
    assertMatch(now.instructions, /simulator/, "nothing of it counts");
  }
});

Deno.test("The same configuration is refused in client secrets, calls and responses", async () => {
  const api = new Api();
  for (const { code, message, param, session } of REFUSALS) {
    const response = await api.simulator.fetch(
      new Request("https://simulator/v1/realtime/client_secrets", {
        method: "POST",
        headers: OWNER,
        body: JSON.stringify({ session: { type: "realtime", model: "gpt-realtime", ...session } }),
      }),
    );
    assertEquals(response.status, 400, param);
    assertEquals((await response.json()).error, { type: "invalid_request_error", code, message, param });
  }
  const client = await Client.open();
  const params = ["response.audio.output.format.rate", "response.audio.output.voice", "response.reasoning"];
  const configs = [
    { audio: { output: { format: { type: "audio/pcm" } } } },
    { audio: { output: { voice: "nova" } } },
    { reasoning: { effort: "low" } },
  ];
  for (const [index, response] of configs.entries()) {
    const error = errorOf(await client.ask({ type: "response.create", response })) as Frame;
    assertEquals(error.param, params[index]);
  }
});

Deno.test("The date of a snapshot is not mistaken for a reasoning model's version", async () => {
  const models = ["gpt-realtime-2025-08-28", "gpt-realtime-mini-2025-10-06", "gpt-realtime-1.5", "gpt-audio"];
  for (const model of models) {
    const client = await Client.open({ url: `wss://simulator/v1/realtime?model=${model}` });
    const error = errorOf(await client.ask(update({ reasoning: { effort: "low" } }))) as Frame;
    assertEquals([error.code, error.param], ["invalid_value", "session.reasoning"], model);
  }
  for (const model of ["gpt-realtime-2", "gpt-realtime-2.1", "gpt-realtime-2-2026-05-01"]) {
    const client = await Client.open({ url: `wss://simulator/v1/realtime?model=${model}` });
    only(await client.ask(update({ reasoning: { effort: "low" } })), "session.updated");
  }
});

Deno.test("An unknown transcription model is refused in sessions of every type", async () => {
  const audio = { input: { transcription: { model: "whisper-9" } } };
  const translate = "wss://simulator/v1/realtime/translations?model=gpt-realtime-translate";
  const kinds = [
    ["wss://simulator/v1/realtime?model=gpt-realtime", { type: "realtime", audio }],
    ["wss://simulator/v1/realtime?intent=transcription", { type: "transcription", audio }],
    [translate, { audio }],
  ] as const;
  for (const [url, session] of kinds) {
    const client = await Client.open({ url });
    const error = errorOf(await client.ask({ type: "session.update", session })) as Frame;
    assertEquals([error.code, error.param], ["invalid_value", "session.audio.input.transcription.model"], url);
    const newer = await Client.open({ url, newerNames: { transcriptionModels: ["whisper-9"] } });
    only(await newer.ask({ type: "session.update", session }), "session.updated");
  }
  const api = new Api();
  const response = await api.simulator.fetch("https://simulator/v1/realtime/translations/client_secrets", {
    method: "POST",
    headers: OWNER,
    body: JSON.stringify({ session: { model: "gpt-realtime-translate", audio } }),
  });
  assertEquals([response.status, (await response.json()).error.code], [400, "invalid_value"]);
});

Deno.test("Configuration that the real server accepts is accepted", async () => {
  const accepted: readonly (readonly [model: string, session: object])[] = [
    ["gpt-realtime", { reasoning: null }],
    ["gpt-realtime-2", { reasoning: { effort: "low" } }],
    ["gpt-realtime-2.1-mini", { reasoning: { effort: "high" } }],
    ["gpt-realtime", { audio: { input: { format: PCM }, output: { format: PCM, voice: "cedar" } } }],
    ["gpt-realtime", { audio: { output: { voice: { id: "voice_1234" } } } }],
    ["gpt-realtime", { audio: { input: { transcription: null } } }],
    ["gpt-realtime", { audio: { input: { transcription: { model: "gpt-live-transcribe", delay: "low" } } } }],
  ];
  for (const [model, session] of accepted) {
    const client = await Client.open({ url: `wss://simulator/v1/realtime?model=${model}` });
    only(await client.ask(update(session)), "session.updated");
  }
});

Deno.test("newerNames are accepted, other unknown names are not", async () => {
  const newerNames = { voices: ["nova"], transcriptionModels: ["whisper-9"] };
  const client = await Client.open({ newerNames });
  const set = { audio: { input: { transcription: { model: "whisper-9" } }, output: { voice: "nova" } } };
  only(await client.ask(update(set)), "session.updated");
  const { code } = errorOf(await client.ask(update({ audio: { output: { voice: "supernova" } } }))) as { code: string };
  assertEquals(code, "invalid_value");
});

Deno.test("newerNames.reasoningModels support reasoning, whatever their names are", async () => {
  const url = "wss://simulator/v1/realtime?model=gpt-realtime-3";
  const reasoning = { effort: "low" };
  const { param } = errorOf(await (await Client.open({ url })).ask(update({ reasoning }))) as Frame;
  assertEquals(param, "session.reasoning");
  const client = await Client.open({ url, newerNames: { reasoningModels: ["gpt-realtime-3"] } });
  only(await client.ask(update({ reasoning })), "session.updated");
});

Deno.test("An unknown voice is reported as invalid before a change of voice as too late", async () => {
  const client = await Client.open({ ...scripted([spoken("Hello.", 200)]), pace: "fast" } as SimulatorOptions);
  await client.ask({ type: "response.create" }, 1000);
  const codes: unknown[] = [];
  for (const voice of ["nova", "cedar"]) {
    const { code } = errorOf(await client.ask(update({ audio: { output: { voice } } }))) as { code: string };
    codes.push(code);
  }
  assertEquals(codes, ["invalid_value", "cannot_update_voice"]);
});

Deno.test("Azure refuses transcription.delay, and accepts any deployment name", async () => {
  const client = await Client.open({ server: "azure", url: "wss://simulator/v1/realtime?model=my-deployment" });
  const transcription = { model: "my-whisper", delay: "low" };
  const error = errorOf(await client.ask(update({ audio: { input: { transcription } } }))) as Frame;
  assertEquals([error.code, error.param], ["unknown_parameter", "session.audio.input.transcription.delay"]);
  const { delay: _delay, ...accepted } = transcription;
  only(await client.ask(update({ audio: { input: { transcription: accepted } } })), "session.updated");
});
