import { createSimulator, type Simulator } from "../../src/simulator/simulator.ts";
import type { SimulatedCall } from "../../src/simulator/simulated_call.ts";
import type { SimulatorOptions } from "../../src/simulator/simulator_options.ts";
import { createVirtualClock, type VirtualClock } from "../../src/simulator/virtual_clock.ts";
import { Client } from "./_client.ts";

/** Headers with an API key. */
export const OWNER = { authorization: "Bearer sk-test" };

/** An offer as a browser makes it, cut short. */
export const OFFER = [
  "v=0",
  "o=- 4611731400430051336 2 IN IP4 127.0.0.1",
  "s=-",
  "t=0 0",
  "a=group:BUNDLE 0 1",
  "a=msid-semantic: WMS",
  "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 0 8",
  "c=IN IP4 0.0.0.0",
  "a=ice-ufrag:abcd",
  "a=ice-pwd:abcdefghijklmnopqrstuvwx",
  "a=fingerprint:sha-256 00:11",
  "a=setup:actpass",
  "a=mid:0",
  "a=sendrecv",
  "a=rtcp-mux",
  "a=rtpmap:111 opus/48000/2",
  "a=rtpmap:63 red/48000/2",
  "a=rtpmap:0 PCMU/8000",
  "a=rtpmap:8 PCMA/8000",
  "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
  "c=IN IP4 0.0.0.0",
  "a=mid:1",
  "a=sctp-port:5000",
  "a=max-message-size:262144",
  "",
].join("\r\n");

/** The error of a response. */
export interface ApiError {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
}

/** The HTTP side of a simulator, on a virtual clock. */
export class Api {
  readonly clock: VirtualClock;
  readonly simulator: Simulator;

  constructor(options: Omit<SimulatorOptions, "clock"> = {}) {
    this.clock = createVirtualClock();
    this.simulator = createSimulator({ ...options, clock: this.clock });
  }

  /** Creates a request for a path below `/v1`. */
  request(path: string, init: RequestInit = {}): Promise<Response> {
    return this.simulator.fetch(new Request(`https://simulator/v1${path}`, init));
  }

  /** Posts JSON, or nothing. */
  post(path: string, body?: unknown, headers: HeadersInit = OWNER): Promise<Response> {
    return this.request(path, { method: "POST", headers, ...body !== undefined && { body: JSON.stringify(body) } });
  }

  /** Posts JSON, and returns status and error of the answer. */
  async refusal(path: string, body?: unknown, headers: HeadersInit = OWNER): Promise<[number, ApiError]> {
    const response = await this.post(path, body, headers);
    return [response.status, (await response.json()).error];
  }

  /** Posts a plain SDP offer. */
  offer(path = "/realtime/calls?model=gpt-realtime", headers: HeadersInit = OWNER, sdp = OFFER): Promise<Response> {
    return this.request(path, {
      method: "POST",
      headers: { ...Object.fromEntries(new Headers(headers)), "content-type": "application/sdp" },
      body: sdp,
    });
  }

  /** Creates a call, and returns it. */
  async call(path?: string): Promise<SimulatedCall> {
    const response = await this.offer(path);
    const id = response.headers.get("location")?.split("/").at(-1);
    await response.body?.cancel();
    const call = this.simulator.calls.find((each) => each.id === id);
    if (!call) throw new Error(`There is no call ${id}`);
    return call;
  }

  /** Opens a WebSocket in memory, by its query or address. */
  async connect(target: string, headers: HeadersInit = OWNER, protocols: readonly string[] = []): Promise<Client> {
    const client = new Client({}, this);
    const address = target.startsWith("?") ? `wss://simulator/v1/realtime${target}` : target;
    await client.dial(address, headers, protocols);
    await this.clock.advance(10);
    return client;
  }
}
