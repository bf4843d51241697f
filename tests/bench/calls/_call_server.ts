/**
 * A server of calls in real time: acknowledges a session, and once it is asked for a response it begins one, and sends
 * 100 ms of its audio every 100 ms until the client leaves. Counts the user's audio that arrives, and how long that took
 * when its `event_id` says when it was sent. `GET /stats` says what has arrived since the last time, and `GET /silence`
 * ends all speech. Writes its port to the standard output.
 */

const DELTA_MS = 100;
const place = { response_id: "resp_1", item_id: "item_1", output_index: 0, content_index: 0 };
// Serialized once: the client is measured.
const delta = JSON.stringify({
  type: "response.output_audio.delta",
  event_id: "event_1",
  ...place,
  delta: crypto.getRandomValues(new Uint8Array(48 * DELTA_MS)).toBase64(),
});
const format = { type: "audio/pcm", rate: 24_000 };
const session = {
  type: "realtime",
  id: "sess_1",
  object: "realtime.session",
  model: "gpt-realtime-2.1",
  audio: { input: { format, turn_detection: { type: "server_vad" } }, output: { format } },
};
const response = { object: "realtime.response", id: "resp_1", status: "in_progress", output: [], metadata: null };
const item = { id: "item_1", type: "message", role: "assistant", status: "in_progress", content: [] };
/** Base64 characters of a millisecond of audio. */
const CHARACTERS_PER_MS = 64;
const APPEND = '"audio":"';
/** Milliseconds behind the pace of speech from which on an append is late. */
const LATE_MS = 200;

/** How an append says when it was sent. */
const SENT_AT = /"event_id":"at_([\d.]+)"/;

const newStats = () => ({ appends: 0, appendedMs: 0, late: 0, mostLateMs: 0, travelMs: [] as number[] });
let stats = newStats();

let isSilent = false;

function serve(socket: WebSocket): void {
  let firstAt = 0;
  let heardMs = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const send = (event: Record<string, unknown>) => socket.send(JSON.stringify({ event_id: "event_1", ...event }));
  let startedAt = 0;
  let sent = 0;
  /** Sends what is due by the clock. An interval falls behind, and the client would seem to be late. */
  const speak = () => {
    if (isSilent) return;
    startedAt ||= performance.now();
    for (; startedAt + (sent + 1) * DELTA_MS <= performance.now(); sent++) socket.send(delta);
    timer = setTimeout(speak, Math.max(0, startedAt + (sent + 1) * DELTA_MS - performance.now()));
  };
  socket.onopen = () => send({ type: "session.created", session });
  socket.onclose = () => clearTimeout(timer);
  socket.onmessage = ({ data }) => {
    const start = data.indexOf(APPEND);
    if (start < 0) {
      const { type } = JSON.parse(data);
      if (type === "session.update") send({ type: "session.updated", session });
      if (type === "response.create" && !startedAt) {
        send({ type: "response.created", response });
        send({ type: "response.output_item.added", ...place, item });
        send({ type: "conversation.item.added", previous_item_id: null, item });
        send({ type: "response.content_part.added", ...place, part: { type: "audio", transcript: "" } });
        speak();
      }
      return;
    }
    const now = performance.now();
    firstAt ||= now;
    const lateMs = now - firstAt - heardMs;
    const ms = (data.indexOf('"', start + APPEND.length) - start - APPEND.length) / CHARACTERS_PER_MS;
    heardMs += ms;
    stats.appends++;
    stats.appendedMs += ms;
    stats.mostLateMs = Math.max(stats.mostLateMs, lateMs);
    if (lateMs > LATE_MS) stats.late++;
    const sentAt = SENT_AT.exec(data.slice(0, 100))?.[1];
    if (sentAt) stats.travelMs.push(performance.timeOrigin + now - Number(sentAt));
  };
}

Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.log(port) }, (request) => {
  const { pathname } = new URL(request.url);
  if (pathname === "/silence") {
    isSilent = true;
    return new Response();
  }
  if (pathname === "/stats") {
    const answer = Response.json(stats);
    stats = newStats();
    return answer;
  }
  // Clients that name subprotocols want one of them.
  const [protocol] = request.headers.get("sec-websocket-protocol")?.split(/, ?/) ?? [];
  const { socket, response } = Deno.upgradeWebSocket(request, protocol ? { protocol } : {});
  serve(socket);
  return response;
});
