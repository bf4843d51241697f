/** A server that acknowledges a session, and sends audio deltas as fast as they leave once it is asked for a response. */

const COUNT = Number(Deno.args[0]);
const audio = crypto.getRandomValues(new Uint8Array(4800)).toBase64();
const place = { response_id: "resp_1", item_id: "item_1", output_index: 0, content_index: 0 };
const session = { type: "realtime", id: "sess_1", object: "realtime.session", model: "gpt-realtime-2.1" };

Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.log(port) }, (request) => {
  const { socket, response } = Deno.upgradeWebSocket(request);
  const send = (event: Record<string, unknown>) => socket.send(JSON.stringify({ event_id: "event_1", ...event }));
  socket.onopen = () => send({ type: "session.created", session });
  socket.onmessage = ({ data }) => {
    if (JSON.parse(data).type === "session.update") return send({ type: "session.updated", session });
    for (let index = 0; index < COUNT; index++) {
      send({ type: "response.output_audio.delta", ...place, delta: audio, index });
    }
    send({ type: "response.output_audio.done", ...place });
  };
  return response;
});
