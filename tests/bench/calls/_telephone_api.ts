/**
 * The API of `telephony_load.ts`: sends numbered frames in real time once a response is requested, for a number of
 * seconds, and counts those of the caller. `GET /stats` returns the counts. Argument: the seconds.
 */
import { FRAME_BYTES, FRAME_MS, FrameCounter, numberedFrame, sumOf } from "./_numbered_frames.ts";

/** Frames of a delta: the real server sends several at a time. */
const FRAMES = 10;

const seconds = Number(Deno.args[0]);
const place = { response_id: "resp_1", item_id: "item_1", output_index: 0, content_index: 0 };
const item = { id: "item_1", type: "message", role: "assistant", status: "in_progress", content: [] };
const counters: FrameCounter[] = [];

function serve(socket: WebSocket): void {
  const counter = new FrameCounter();
  counters.push(counter);
  let timer: ReturnType<typeof setInterval> | undefined;
  const send = (event: Record<string, unknown>) => socket.send(JSON.stringify({ event_id: "event_1", ...event }));
  const speak = () => {
    send({ type: "response.created", response: { id: "resp_1", status: "in_progress", output: [] } });
    send({ type: "response.output_item.added", ...place, item });
    send({ type: "conversation.item.added", previous_item_id: null, item });
    send({ type: "response.content_part.added", ...place, part: { type: "audio", transcript: "" } });
    const startAt = performance.now();
    let sent = 0;
    timer = setInterval(() => {
      // Frames that are due by now, also when this process is late.
      for (; sent < (performance.now() - startAt) / FRAME_MS && sent < seconds * 1000 / FRAME_MS; sent += FRAMES) {
        const bytes = new Uint8Array(FRAMES * FRAME_BYTES);
        for (let index = 0; index < FRAMES; index++) bytes.set(numberedFrame(sent + index), index * FRAME_BYTES);
        send({ type: "response.output_audio.delta", ...place, delta: bytes.toBase64() });
      }
      if (sent < seconds * 1000 / FRAME_MS) return;
      clearInterval(timer);
      send({ type: "response.output_audio.done", ...place });
      send({ type: "response.output_item.done", ...place, item: { ...item, status: "completed" } });
      send({ type: "response.done", response: { id: "resp_1", status: "completed", output: [] } });
    }, FRAMES * FRAME_MS);
  };
  socket.onopen = () => send({ type: "session.created", session: { type: "realtime", id: "sess_1" } });
  socket.onclose = () => clearInterval(timer);
  socket.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    if (event.type === "input_audio_buffer.append") counter.push(Uint8Array.fromBase64(event.audio));
    if (event.type === "session.update") send({ type: "session.updated", session: event.session });
    if (event.type === "response.create") speak();
  };
}

Deno.serve({ hostname: "127.0.0.1", port: 0 }, (request) => {
  if (new URL(request.url).pathname === "/stats") return Response.json(sumOf(counters.map(({ count }) => count)));
  const { response, socket } = Deno.upgradeWebSocket(request);
  serve(socket);
  return response;
});
