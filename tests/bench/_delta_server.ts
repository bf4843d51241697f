/**
 * A server that acknowledges a session and its commits, and sends audio deltas as fast as they leave when it is asked for
 * a response. Its argument is how many. It writes its port to the standard output.
 */

const COUNT = Number(Deno.args[0]);
const place = { response_id: "resp_1", item_id: "item_1", output_index: 0, content_index: 0 };
// Serialized once: the client is measured, and has to be the slower side.
const delta = JSON.stringify({
  type: "response.output_audio.delta",
  event_id: "event_1",
  ...place,
  delta: crypto.getRandomValues(new Uint8Array(4800)).toBase64(),
});
const session = { type: "realtime", id: "sess_1", object: "realtime.session", model: "gpt-realtime-2.1" };

Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.log(port) }, (request) => {
  const { socket, response } = Deno.upgradeWebSocket(request);
  const send = (event: Record<string, unknown>) => socket.send(JSON.stringify({ event_id: "event_1", ...event }));
  const answers: Record<string, () => void> = {
    "session.update": () => send({ type: "session.updated", session }),
    "input_audio_buffer.commit": () =>
      send({ type: "input_audio_buffer.committed", item_id: "item_1", previous_item_id: null }),
    "response.create"() {
      for (let index = 0; index < COUNT; index++) socket.send(delta);
      send({ type: "response.output_audio.done", ...place });
    },
  };
  socket.onopen = () => send({ type: "session.created", session });
  socket.onmessage = ({ data }) => {
    // Audio is not parsed, for the same reason.
    if (!data.startsWith('{"type":"input_audio_buffer.append"')) answers[JSON.parse(data).type]?.();
  };
  return response;
});
