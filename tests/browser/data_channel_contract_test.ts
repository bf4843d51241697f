import { connectWebRtc } from "../../src/browser/mod.ts";
import type { SocketEnd } from "../../src/transport/mod.ts";
import { type Link, testTransport } from "../transport/contract.ts";
import { collectFrames } from "../transport/_frames.ts";
import { FakeChannel, FakePeer } from "./_fakes.ts";

/** A call whose data channel has another end without close codes, as channels have none. */
async function connect(): Promise<Link> {
  const { push, end, frames } = collectFrames();
  const closed = Promise.withResolvers<SocketEnd>();
  class Channel extends FakeChannel {
    override send(message: string): void {
      push(message);
    }

    override close(): void {
      if (this.readyState !== "open") return;
      super.close();
      queueMicrotask(() => this.end());
    }

    override end(): void {
      super.end();
      end();
      closed.resolve({ code: 1005, reason: "" });
    }
  }
  const channel = new Channel();
  const peer = new FakePeer();
  const transport = await connectWebRtc({
    exchange: () => Promise.resolve({ sdp: "v=0\r\nanswer" }),
    createPeer: () => Object.assign(peer, { channel }),
    microphone: null,
    output: null,
  });
  return {
    transport,
    send: (data) => channel.receive(typeof data === "string" ? data : data.buffer),
    frames,
    close: () => channel.close(),
    closed: closed.promise,
    async [Symbol.asyncDispose]() {
      await transport.close();
    },
  };
}

testTransport("The transport over a data channel", connect, { says: ["server", true], carriesCodes: false });
