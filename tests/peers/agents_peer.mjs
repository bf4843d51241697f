// A whole conversation by the npm package @openai/agents-realtime, as its users hold one: an agent with a tool in a session.
import { OpenAIRealtimeWebSocket, RealtimeAgent, RealtimeSession, tool } from "@openai/agents-realtime";
import { baseURL, BYTES_PER_MS, Inbox, report, speech, speechPieces } from "./_peer.mjs";

await report(async (verdict) => {
  const inbox = new Inbox();
  let toolRuns = 0;
  const getWeather = tool({
    name: "get_weather",
    description: "Weather of a city.",
    parameters: {
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
      additionalProperties: false,
    },
    strict: false,
    execute: () => `It is foggy, ${++toolRuns}.`,
  });
  const agent = new RealtimeAgent({ name: "Greeter", instructions: "Be brief.", voice: "marin", tools: [getWeather] });
  const transport = new OpenAIRealtimeWebSocket();
  const session = new RealtimeSession(agent, {
    transport,
    model: "gpt-realtime",
    config: { audio: { input: { turnDetection: { type: "server_vad" } } } },
  });

  // Every event that it knows comes under its type as well, unless its parser does not understand it.
  const understood = new Set();
  transport.on("*", (event) => {
    inbox.push(event);
    if (!understood.has(event.type)) transport.once(event.type, () => understood.add(event.type));
  });
  let audioBytes = 0;
  session.on("audio", ({ data }) => audioBytes += data.byteLength);
  session.on("audio_interrupted", () => inbox.push({ type: "local.audio_interrupted" }));
  session.on("error", ({ error }) => inbox.push({ type: "local.error", error }));
  const wordsOf = (item) => item.content.map(({ text, transcript }) => text ?? transcript).join("");
  const answerAfter = async (act) => {
    const known = new Set(session.history.map(({ itemId }) => itemId));
    await act();
    const { response } = await inbox.next((event) =>
      event.type === "response.done" && event.response.output[0]?.type === "message"
    );
    const item = session.history.find(({ itemId }) => itemId === response.output[0].id);
    return { item, isNew: !known.has(item.itemId), status: response.status };
  };

  const url = `${baseURL.replace("https:", "wss:")}/realtime?model=gpt-realtime`;
  await session.connect({ apiKey: "sk-test", url });
  const configured = await inbox.next((event) => event.type === "session.updated" && event.session.tools.length > 0);
  verdict.configured = [
    configured.session.instructions,
    configured.session.audio.output.voice,
    configured.session.audio.input.turn_detection.type,
    configured.session.tools.map(({ name }) => name),
  ];

  const text = await answerAfter(() => session.sendMessage("Hello there."));
  verdict.text = [text.status, text.isNew, wordsOf(text.item)];

  audioBytes = 0;
  const spoken = await answerAfter(async () => {
    for (const piece of speechPieces()) session.sendAudio(piece.buffer);
    await inbox.next("input_audio_buffer.speech_started");
    await inbox.next("input_audio_buffer.committed");
  });
  // It asks for the item again once it has been transcribed.
  await inbox.first("conversation.item.retrieved");
  const user = session.history.filter(({ role }) => role === "user").at(-1);
  verdict.spoken = [spoken.status, Math.round(audioBytes / BYTES_PER_MS / 1000), wordsOf(user).length > 0];

  session.sendMessage("Tell me a long story.");
  const { item_id: cutItemId } = await inbox.next("response.output_audio.delta");
  for (const piece of speechPieces()) session.sendAudio(piece.buffer);
  await inbox.next("local.audio_interrupted");
  const cut = (await inbox.next("response.done")).response;
  verdict.bargeIn = [
    cut.status,
    cut.status_details.reason,
    (await inbox.next("conversation.item.truncated")).item_id === cutItemId,
  ];
  await inbox.next("response.done");

  await transport.updateSessionConfig({ audio: { input: { turnDetection: null } } });
  await inbox.next("session.updated");
  session.sendAudio(speech.buffer.slice(speech.byteOffset, speech.byteOffset + speech.byteLength), { commit: true });
  await inbox.next("input_audio_buffer.committed");
  verdict.committed = (await answerAfter(() => transport.requestResponse())).status;

  const answered = await answerAfter(() => session.sendMessage("Use get_weather, please."));
  const call = session.history.find(({ type }) => type === "function_call");
  verdict.tool = [call.name, call.status, call.output, toolRuns, wordsOf(answered.item).includes("It is foggy, 1.")];

  session.sendMessage("Tell me a long story.");
  const { item_id } = await inbox.next("response.output_audio.delta");
  await inbox.next("response.output_audio.delta");
  session.interrupt();
  await inbox.next("local.audio_interrupted");
  const cancelled = (await inbox.next("response.done")).response;
  const truncated = await inbox.next("conversation.item.truncated");
  await inbox.next((event) => event.type === "conversation.item.retrieved" && event.item.id === item_id);
  const story = session.history.find(({ itemId }) => itemId === item_id);
  verdict.interruption = [cancelled.status, truncated.item_id === item_id, story.status];

  transport.sendEvent({
    type: "response.create",
    response: { conversation: "none", metadata: { topic: "aside" }, output_modalities: ["text"], input: [] },
  });
  const aside = (await inbox.next("response.done")).response;
  verdict.outOfBand = [aside.status, aside.conversation_id, aside.metadata];

  transport.sendEvent({ type: "session.bogus" });
  const { error } = await inbox.next("local.error");
  verdict.error = [error.error?.code ?? error.code, error.error?.param ?? error.param];

  const known = [...new Set(inbox.typesOf(() => true))].filter((type) => !type.startsWith("local."));
  verdict.notUnderstood = known.filter((type) => !understood.has(type));
  session.close();
  verdict.status = transport.status;
});
