import type { LocalEvent } from "@oai-rt/edge";
import { createSimulator, createVirtualClock, type SimulatedCall, type SimulatorOptions } from "@oai-rt/edge/simulator";
import {
  connectVoiceWebRtc,
  type ConnectVoiceWebRtcOptions,
  type SdpExchange,
  type WebRtcVoiceSession,
} from "../../src/browser/mod.ts";
import { OFFER } from "../simulator/_api.ts";
import { FakeContext, FakeDevices, FakePeer, FakeTrack, streamOf } from "./_fakes.ts";

/** A local event of recovery, or the end. */
type RecoveryEvent = Extract<
  LocalEvent,
  { readonly type: "reconnecting" | "recovered" | "renewed" | "recovery_failed" | "closed" }
>;
const TYPES = ["reconnecting", "recovered", "renewed", "recovery_failed", "closed"] as const;

/** Parts of a {@linkcode callWorld} that a test sets differently. */
export interface CallWorldOptions {
  readonly simulation?: SimulatorOptions;
  /** Called with the number of each exchange, from 1; may throw, or give another answer. */
  readonly onExchange?: (attempt: number) => void;
  /** Real-time work that virtual time waits for. */
  readonly busy?: ReadonlySet<Promise<unknown>>;
  /** Called with the number of each hang-up, from 1: returns the reason for which the call had already ended. */
  readonly onHangUp?: (attempt: number) => string | undefined | Promise<string | undefined>;
}

/** A page that calls the simulator in virtual time, over connections without a network. */
export function callWorld(
  { onExchange = () => {}, onHangUp, busy = new Set(), simulation = {} }: CallWorldOptions = {},
) {
  const clock = createVirtualClock();
  const track = new FakeTrack();
  const devices = new FakeDevices();
  devices.next = () => streamOf(track);
  const audioContext = new FakeContext();
  const peers: FakePeer[] = [];
  const calls: SimulatedCall[] = [];
  const hangUps: (string | undefined)[] = [];
  const simulator = createSimulator({
    clock,
    pace: "fast",
    answerSdp(_offer, call) {
      calls.push(call);
      return Promise.resolve("v=0\r\n");
    },
    ...simulation,
  });
  let attempts = 0;
  const exchange: SdpExchange = async () => {
    onExchange(++attempts);
    const response = await simulator.fetch("https://simulator/v1/realtime/calls?model=gpt-realtime", {
      method: "POST",
      headers: { "authorization": "Bearer sk-test", "content-type": "application/sdp" },
      body: OFFER,
    });
    const { id } = calls.at(-1)!;
    const hangUp = async () => {
      hangUps.push(id);
      return await onHangUp?.(hangUps.length);
    };
    return { sdp: await response.text(), callId: id, url: "https://app.example.com/realtime/calls", hangUp };
  };
  const createPeer = () => {
    const peer = new FakePeer();
    peers.push(peer);
    peer.onAnswer = () => link(peer, calls.at(-1)!);
    return peer;
  };
  /** Lets time pass until a promise has settled. */
  const until = async <T>(promise: Promise<T>, ms = 30_000): Promise<T> => {
    let isSettled = false;
    promise.catch(() => {}).finally(() => isSettled = true);
    for (let waited = 0; !isSettled && waited < ms; waited += 50) {
      await Promise.allSettled(busy);
      await clock.advance(50);
    }
    if (!isSettled) throw new Error(`The promise has not settled within ${ms} ms`);
    return await promise;
  };
  const events: RecoveryEvent[] = [];
  const open = async (options: Partial<ConnectVoiceWebRtcOptions> = {}): Promise<WebRtcVoiceSession> => {
    const voice = await until(connectVoiceWebRtc({
      exchange,
      microphone: { mediaDevices: devices },
      createPeer,
      audioContext,
      output: undefined,
      outputModalities: ["text"],
      clock,
      ...options,
    }));
    for (const type of TYPES) voice.session.on(type, (event) => void events.push(event));
    return voice;
  };
  return { audioContext, calls, clock, devices, events, exchange, hangUps, open, peers, simulator, track, until };
}

/** Joins a page's data channel to the simulator's, and gives the page a remote track. */
function link(peer: FakePeer, call: SimulatedCall): void {
  const server = call.openChannel();
  const { channel } = peer;
  channel.send = (message) => {
    channel.sent.push(message);
    server.send(message);
  };
  channel.close = () => {
    channel.closes++;
    call.hangUp();
  };
  const close = peer.close.bind(peer);
  peer.close = () => {
    close();
    call.hangUp();
  };
  const remote = new FakeTrack("remote");
  peer.ontrack?.({ track: remote, streams: [streamOf(remote)] } as never);
  peer.connect();
  server.listen({ message: (data) => channel.receive(data), close: () => channel.end() });
}

/** Types of recovery's events, in order. */
export function typesOf(events: readonly { readonly type: string }[]): readonly string[] {
  return events.map(({ type }) => type);
}
