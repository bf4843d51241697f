// A whole conversation by the npm package openai: `openai_peer.mjs ws` by its class for the package ws, `openai_peer.mjs
// websocket` by the one for the runtime's own WebSocket.
import process from "node:process";
import OpenAI from "openai";
import { baseURL, BYTES_PER_MS, Inbox, report, speech, speechPieces } from "./_peer.mjs";

const base64 = (bytes) => Buffer.from(bytes).toString("base64");
const userText = (text) => ({
  type: "conversation.item.create",
  item: { type: "message", role: "user", content: [{ type: "input_text", text }] },
});

/** Opens a connection; what happens on it goes into the inbox. */
async function open(apiKey, target = { model: "gpt-realtime" }) {
  const client = new OpenAI({ apiKey, baseURL });
  const Realtime = process.argv[2] === "ws"
    ? (await import("openai/realtime/ws")).OpenAIRealtimeWS
    : (await import("openai/realtime/websocket")).OpenAIRealtimeWebSocket;
  const rt = new Realtime(target, client);
  const inbox = new Inbox();
  rt.on("event", (event) => inbox.push(event));
  // An error of the API has come as an event already; one of the client's own is the end of it.
  rt.on("error", ({ error, message }) => error ?? inbox.fail(message));
  rt.socket.addEventListener("close", ({ code, reason }) => inbox.push({ type: "closed", code, reason }));
  return { rt, inbox };
}

await report(async (verdict) => {
  const { rt, inbox } = await open("sk-test");
  const configure = async (session) => {
    rt.send({ type: "session.update", session: { type: "realtime", ...session } });
    return (await inbox.next("session.updated")).session;
  };
  const respond = async (response) => {
    rt.send({ type: "response.create", response });
    return (await inbox.next("response.done")).response;
  };

  verdict.model = (await inbox.next("session.created")).session.model;
  const session = await configure({ instructions: "Be brief.", output_modalities: ["text"] });
  verdict.configured = [session.instructions, session.output_modalities];

  rt.send(userText("Hello there."));
  const text = await respond();
  verdict.text = [text.status, text.output[0].content[0].text];

  await configure({
    output_modalities: ["audio"],
    audio: { input: { turn_detection: { type: "server_vad" }, transcription: { model: "gpt-4o-transcribe" } } },
  });
  for (const piece of speechPieces()) rt.send({ type: "input_audio_buffer.append", audio: base64(piece) });
  const { audio_start_ms, item_id } = await inbox.next("input_audio_buffer.speech_started");
  const { audio_end_ms } = await inbox.next("input_audio_buffer.speech_stopped");
  const heard = await inbox.next("input_audio_buffer.committed");
  const spoken = (await inbox.next("response.done")).response;
  const audioBytes = inbox.all("response.output_audio.delta").map(({ delta }) => Buffer.from(delta, "base64").length);
  verdict.spoken = {
    turn: [heard.item_id === item_id, audio_start_ms < 500, audio_end_ms > 2000],
    status: spoken.status,
    hasTranscript: inbox.all("conversation.item.input_audio_transcription.completed").length === 1,
    seconds: Math.round(audioBytes.reduce((sum, length) => sum + length, 0) / BYTES_PER_MS / 1000),
    types: inbox.typesOf((event) => event.response_id === spoken.id && !event.type.endsWith(".delta")),
  };

  await configure({ audio: { input: { turn_detection: null } } });
  rt.send({ type: "input_audio_buffer.append", audio: base64(speech) });
  rt.send({ type: "input_audio_buffer.commit" });
  const committed = await inbox.next("input_audio_buffer.committed");
  verdict.committed = [committed.item_id !== item_id, (await respond({ output_modalities: ["text"] })).status];

  const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
  await configure({
    tools: [{ type: "function", name: "get_weather", description: "Weather of a city.", parameters }],
  });
  rt.send(userText("Use get_weather, please."));
  const [call] = (await respond({ output_modalities: ["text"] })).output;
  rt.send({
    type: "conversation.item.create",
    item: { type: "function_call_output", call_id: call.call_id, output: "It is foggy." },
  });
  const [followUp] = (await respond({ output_modalities: ["text"] })).output;
  const args = Object.entries(JSON.parse(call.arguments)).map(([name, value]) => [name, typeof value]);
  verdict.tool = [call.type, call.name, args, followUp.content[0].text.includes("It is foggy.")];

  rt.send(userText("Tell me a long story."));
  rt.send({ type: "response.create" });
  const started = await inbox.next("response.output_audio.delta");
  rt.send({ type: "response.cancel" });
  const cut = { type: "conversation.item.truncate", item_id: started.item_id, content_index: 0 };
  rt.send({ ...cut, audio_end_ms: 50 });
  const cancelled = (await inbox.next("response.done")).response;
  const truncated = await inbox.next("conversation.item.truncated");
  rt.send({ ...cut, audio_end_ms: 60_000_000, event_id: "event_too_long" });
  const tooLong = (await inbox.next("error")).error;
  verdict.interruption = {
    response: [cancelled.status, cancelled.status_details.reason, cancelled.output[0].status],
    truncated: [truncated.item_id === started.item_id, truncated.audio_end_ms],
    tooLong: [tooLong.event_id, /already shorter than/.test(tooLong.message)],
  };

  const aside = await respond({
    conversation: "none",
    metadata: { topic: "aside" },
    output_modalities: ["text"],
    input: [{ type: "message", role: "user", content: [{ type: "input_text", text: "Sort this." }] }],
  });
  verdict.outOfBand = [aside.status, aside.conversation_id, aside.metadata, aside.output[0].content[0].text];

  const errors = [];
  for (
    const event of [
      { type: "session.bogus" },
      { type: "session.update", session: { type: "realtime", bogus_field: 1 } },
      { type: "response.cancel" },
      { type: "input_audio_buffer.commit" },
      { type: "conversation.item.delete", item_id: "item_none", event_id: "event_mine" },
    ]
  ) {
    rt.send(event);
    const { error } = await inbox.next("error");
    errors.push([error.type, error.code, error.param, error.event_id]);
  }
  verdict.errors = errors;

  rt.close({ code: 1000, reason: "done" });
  verdict.closed = (await inbox.next("closed")).code;

  const rest = new OpenAI({ apiKey: "sk-test", baseURL });
  const minted = { type: "realtime", model: "gpt-realtime-mini", instructions: "From the secret." };
  const { value } = await rest.realtime.clientSecrets.create({ session: minted });
  const secret = await open(value, { model: minted.model });
  const { session: secretSession } = await secret.inbox.next("session.created");
  verdict.secret = [secretSession.model, secretSession.instructions];
  secret.rt.close();

  const scribe = await open("sk-test", { intent: "transcription" });
  const { session: transcription } = await scribe.inbox.next("session.created");
  const input = { transcription: { model: "gpt-4o-transcribe" }, turn_detection: { type: "server_vad" } };
  scribe.rt.send({ type: "session.update", session: { type: "transcription", audio: { input } } });
  for (const piece of speechPieces()) scribe.rt.send({ type: "input_audio_buffer.append", audio: base64(piece) });
  const { transcript } = await scribe.inbox.next("conversation.item.input_audio_transcription.completed");
  verdict.transcription = [transcription.type, transcript.length > 0];
  scribe.rt.close();

  // Some servers refuse at the handshake, and there is no session to open.
  verdict.refused = await refusalOf().catch((error) => [/401/.test(error.message) ? 401 : error.message]);
});

/** How a bad key is refused. */
async function refusalOf() {
  const refused = await open("sk-invalid");
  const { error } = await refused.inbox.next("error");
  const { code, reason } = await refused.inbox.next("closed");
  return [error.code, code, reason];
}
