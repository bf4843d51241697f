import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { type ClientEvent, connect, ConnectionError } from "@oai-rt/edge";
import { createSimulator, createVirtualClock } from "@oai-rt/edge/simulator";
import {
  connectLiveWebRtc,
  connectVoiceWebRtc,
  connectWebRtc,
  MicrophoneError,
  MicrophoneTrack,
  type SdpExchange,
  viaApp,
  type ViaAppOptions,
  type WebRtcOptions,
  withSecret,
} from "../../src/browser/mod.ts";
import { testWithGlobals } from "./_globals.ts";
import { FakeContext, FakeDevices, FakePeer, FakeTrack, streamOf } from "./_fakes.ts";

/** Registered listeners for the end of the page. */
const leaving = new Set<unknown>();
const { addEventListener, removeEventListener } = globalThis;
const WATCHED = {
  addEventListener(...args: unknown[]): void {
    if (args[0] === "pagehide") leaving.add(args[1]);
    Reflect.apply(addEventListener, globalThis, args);
  },
  removeEventListener(...args: unknown[]): void {
    leaving.delete(args[1]);
    Reflect.apply(removeEventListener, globalThis, args);
  },
};
/** Registers a test that sees the listeners for the end of the page. */
const test = (name: string, run: () => Promise<void>) => testWithGlobals(WATCHED, name, run);

const ANSWER: SdpExchange = () => Promise.resolve({ sdp: "v=0\r\nanswer", callId: "rtc_1", url: "https://app/calls" });

function setting(options: Partial<WebRtcOptions> = {}) {
  const peer = new FakePeer();
  const devices = new FakeDevices();
  const track = new FakeTrack();
  devices.next = () => streamOf(track);
  const clock = createVirtualClock();
  const dial = () =>
    connectWebRtc({
      exchange: ANSWER,
      microphone: { mediaDevices: devices },
      createPeer: () => peer,
      output: null,
      clock,
      ...options,
    });
  return { peer, devices, track, clock, dial };
}

/** Nothing may be left of a call. */
function assertReleased({ peer, track }: { peer: FakePeer; track: FakeTrack }): void {
  assertEquals(track.readyState, "ended");
  assertEquals([track.listeners, leaving.size], [0, 0]);
  assertEquals(peer.closes > 0 || peer.connectionState === "new", true);
  assertEquals([peer.onconnectionstatechange, peer.ontrack], [null, null]);
  assertEquals([peer.channel.onmessage, peer.channel.onclose, peer.channel.onopen], [null, null, null]);
}

test("connectWebRtc() requests the microphone before it dials, and resolves with an open channel", async () => {
  const order: string[] = [];
  const { dial, devices, peer, track } = setting({
    exchange: (offer) => {
      order.push(`exchange ${offer.slice(5)}`);
      return Promise.resolve({ sdp: "v=0\r\nanswer", callId: "rtc_1" });
    },
  });
  devices.next = () => {
    order.push("microphone");
    return streamOf(track);
  };
  const transport = await dial();
  assertEquals(order, ["microphone", "exchange offer"]);
  assertEquals([transport.callId, transport.playback, transport.shared], ["rtc_1", "server", true]);
  assertEquals(transport.microphone?.track, track);
  assertEquals(JSON.stringify(peer.transceivers[0]).includes("sendrecv"), true);
  const closing = transport.close();
  peer.channel.end();
  assertEquals((await closing).code, 1000);
  assertReleased({ peer, track });
});

test("WebRtcCall.setSpeaker() rejects in a call that does not play the model", async () => {
  const { dial, peer } = setting();
  const transport = await dial();
  const { name, message } = await assertRejects(() => transport.setSpeaker("headset"), DOMException);
  assertEquals([name, message], ["NotSupportedError", "Cannot choose the loudspeaker as nothing is played"]);
  peer.channel.end();
  await transport.closed;
});

test("connectWebRtc() keeps early messages for the first reader, and reads binary frames", async () => {
  const { dial, peer } = setting();
  peer.onAnswer = () => {
    peer.connect();
    peer.channel.receive('{"type":"first"}');
    peer.channel.receive(new TextEncoder().encode('{"type":"second"}').buffer);
  };
  const transport = await dial();
  peer.channel.receive('{"type":"third"}');
  const types: string[] = [];
  for await (const { type } of transport.events) {
    if (types.push(type) === 3) break;
  }
  assertEquals(types, ["first", "second", "third"]);
  peer.channel.end();
  await transport.closed;
});

test("A message above maxMessageSize in bytes is rejected before it is sent, and the call continues", async () => {
  const { dial, peer } = setting();
  peer.sctp = { maxMessageSize: 300 };
  const transport = await dial();
  const say = (text: string): ClientEvent => ({
    type: "conversation.item.create",
    item: { type: "message", role: "user", content: [{ type: "input_text", text }] },
  });
  transport.send(say("x".repeat(150)));
  assertEquals(peer.channel.sent.length, 1);
  // 150 characters as well, of which each has four bytes.
  const error = assertThrows(() => transport.send(say("🙂".repeat(75))), RangeError);
  assertMatch(
    error.message,
    /^Cannot send over the data channel as a message must be <= 300 bytes: current value is \d+$/,
  );
  assertEquals(peer.channel.sent.length, 1);
  transport.send(say("after"));
  assertEquals(peer.channel.sent.length, 2);
  peer.channel.end();
  assertEquals((await transport.closed).code, 1005);
});

test("A call reports its channel's close code, 1006 for a dead peer, and ends if its close is not answered", async () => {
  const hungUp = setting();
  const first = await hungUp.dial();
  hungUp.peer.channel.end();
  assertEquals((await first.closed).code, 1005);
  assertReleased(hungUp);

  const dead = setting({ graceMs: 5000 });
  const second = await dead.dial();
  const states: string[] = [];
  second.on("connection", ({ state }) => states.push(state));
  dead.peer.become("disconnected");
  await dead.clock.advance(4999);
  dead.peer.become("connected");
  dead.peer.become("disconnected");
  await dead.clock.advance(5000);
  assertEquals(await second.closed, { code: 1006, reason: "The other side is gone", clean: false });
  assertEquals(states, ["interrupted", "connected", "interrupted"]);
  assertReleased(dead);

  const deaf = setting();
  const third = await deaf.dial();
  const closing = third.close();
  await deaf.clock.advance(200);
  assertEquals((await closing).code, 1000);
  assertReleased(deaf);
});

test("connectWebRtc() times out if the answer leads to no peer or never arrives, and leaves nothing behind", async () => {
  const silent = setting({ timeoutMs: 15_000 });
  silent.peer.onAnswer = () => {};
  const dialing = assertRejects(silent.dial, DOMException);
  await silent.clock.advance(15_000);
  const error = await dialing;
  assertEquals(error.name, "TimeoutError");
  assertMatch(error.message, /firewall/);
  assertReleased(silent);

  const unanswered = setting({ exchange: () => new Promise(() => {}), timeoutMs: 100 });
  await unanswered.clock.advance(123.7); // 223.7 - 123.7 is 99.99999999999999
  const waiting = assertRejects(unanswered.dial, DOMException);
  await unanswered.clock.advance(100);
  const { message, name } = await waiting;
  assertEquals([name, message], ["TimeoutError", "Cannot exchange SDP as it took longer than 100 ms"]);
  assertReleased(unanswered);

  const failing = setting();
  failing.peer.onAnswer = () => failing.peer.become("failed");
  assertEquals((await assertRejects(failing.dial, ConnectionError)).kind, "unreachable");
  assertReleased(failing);
});

test("connectWebRtc() can be aborted at every await, and leaves nothing behind", async () => {
  for (const at of ["before", "microphone", "exchange", "channel"]) {
    const controller = new AbortController();
    const reason = new Error(at);
    const given = setting({
      signal: controller.signal,
      exchange: async (offer, options) => {
        if (at === "exchange") controller.abort(reason);
        return await ANSWER(offer, options);
      },
    });
    given.devices.next = () => {
      if (at === "microphone") controller.abort(reason);
      return streamOf(given.track);
    };
    given.peer.onAnswer = () => at === "channel" && controller.abort(reason);
    if (at === "before") controller.abort(reason);
    assertEquals(await assertRejects(given.dial, Error), reason, at);
    if (at === "before") assertEquals(given.devices.asked.length, 0);
    else {
      // The microphone was granted after the timeout.
      await given.clock.advance(0);
      assertEquals(given.track.readyState, "ended", at);
      assertEquals(given.track.listeners, 0, at);
    }
  }
});

test("connectWebRtc() times out when no offer is made, and makes no call once it has ended", async () => {
  for (const end of ["timeout", "abort", "pagehide"]) {
    const controller = new AbortController();
    let calls = 0;
    const exchange: SdpExchange = (...args) => {
      calls++;
      return ANSWER(...args);
    };
    const given = setting({ signal: controller.signal, exchange, timeoutMs: 100 });
    const offered = Promise.withResolvers<void>();
    given.peer.setLocalDescription = () => offered.promise;
    const dialing = assertRejects(given.dial, Error);
    await given.clock.advance(0);
    if (end === "timeout") await given.clock.advance(100);
    else if (end === "abort") controller.abort();
    else dispatchEvent(new Event("pagehide"));
    if (end === "pagehide") offered.resolve();
    assertEquals((await dialing).name, { timeout: "TimeoutError", abort: "AbortError" }[end] ?? "ConnectionError");
    offered.resolve();
    await given.clock.advance(0);
    assertEquals(calls, 0, end);
    assertReleased(given);
  }
});

test("connectWebRtc() leaves nothing when the browser has no channel, or takes no track, or makes no offer", async () => {
  for (const method of ["createDataChannel", "addTransceiver", "setLocalDescription"] as const) {
    const given = setting({ exchange: () => Promise.reject(new Error("dialled")) });
    given.peer[method] = () => {
      throw new DOMException(method, "InvalidStateError");
    };
    assertEquals((await assertRejects(given.dial, DOMException)).message, method);
    assertEquals(given.peer.closes, 1);
    assertReleased(given);
  }
});

test("connectWebRtc() explains why there is no microphone, and does not dial", async () => {
  const codes = {
    NotAllowedError: "not_allowed",
    NotFoundError: "not_found",
    NotReadableError: "in_use",
    OverconstrainedError: "not_found",
    SecurityError: "not_allowed",
  } as const;
  for (const [name, code] of Object.entries(codes)) {
    let dialled = 0;
    const { dial, devices } = setting({
      exchange: (...args) => {
        dialled++;
        return ANSWER(...args);
      },
    });
    devices.next = () => Promise.reject(new DOMException("", name));
    assertEquals((await assertRejects(dial, MicrophoneError)).code, code);
    assertEquals(dialled, 0);
  }
  const asked = setting();
  let allow = (_stream: ReturnType<typeof streamOf>): void => {};
  asked.devices.next = () => new Promise((resolve) => allow = resolve);
  const dialing = assertRejects(asked.dial, MicrophoneError);
  await asked.clock.advance(60_000);
  assertEquals((await dialing).code, "timed_out");
  // Allowed at last: released at once.
  allow(streamOf(asked.track));
  await asked.clock.advance(0);
  assertEquals(asked.track.readyState, "ended");
});

test("A call never stops the caller's own track, stream or microphone", async () => {
  for (const wrap of [(track: FakeTrack) => track, streamOf, MicrophoneTrack.borrow]) {
    const { dial, peer, track } = setting();
    const given = setting({ microphone: wrap(track), createPeer: () => peer });
    const transport = await given.dial();
    peer.channel.end();
    await transport.closed;
    assertEquals(track.readyState, "live");
    assertEquals(given.devices.asked.length, 0);
    void dial;
  }
});

test("A call that only listens requests no microphone", async () => {
  const { devices, dial, peer } = setting({ microphone: null });
  const transport = await dial();
  assertEquals([devices.asked.length, transport.microphone], [0, undefined]);
  assertEquals(peer.transceivers, [["audio", { direction: "recvonly" }]]);
  peer.channel.end();
  await transport.closed;
});

test("A lost microphone is replaced by the default one with the same mute state, and otherwise reported", async () => {
  const { clock, devices, dial, peer, track } = setting();
  const transport = await dial();
  const microphone = transport.microphone!;
  const events: string[] = [];
  microphone.on("changed", () => events.push("changed"));
  microphone.on("lost", ({ error }) => events.push(error.code));
  microphone.mute();
  const second = new FakeTrack("second");
  devices.next = () => streamOf(second);
  track.pull();
  await clock.advance(0);
  assertEquals(peer.replaced, [second]);
  assertEquals([second.enabled, microphone.muted], [false, true]);
  microphone.unmute();
  assertEquals(second.enabled, true);
  devices.next = () => Promise.reject(new DOMException("", "NotFoundError"));
  second.pull();
  await clock.advance(0);
  assertEquals(events, ["changed", "lost"]);
  const third = new FakeTrack("third");
  devices.next = () => streamOf(third);
  await microphone.switchTo("third");
  assertEquals(peer.replaced.at(-1), third);
  assertEquals(JSON.stringify(devices.asked.at(-1)).includes('"deviceId":{"exact":"third"}'), true);
  peer.channel.end();
  await transport.closed;
  assertEquals(third.readyState, "ended");
});

test("A microphone that is lost during the dial is replaced, or the call is hung up and the reason thrown", async () => {
  for (const isOwned of [true, false]) {
    for (const second of [new FakeTrack("second"), undefined]) {
      const hangUps: string[] = [];
      const answered = Promise.withResolvers<void>();
      const track = new FakeTrack();
      const world = setting({
        exchange: async () => {
          await answered.promise;
          return { sdp: "v=0\r\nanswer", hangUp: () => Promise.resolve(void hangUps.push("hung up")) };
        },
        ...!isOwned && { microphone: track },
      });
      const { clock, devices, peer } = world;
      devices.next = () => streamOf(track);
      const { navigator } = globalThis;
      Object.defineProperty(globalThis, "navigator", { configurable: true, value: { mediaDevices: devices } });
      try {
        const dialling = world.dial();
        await clock.advance(0);
        devices.next = () => second ? streamOf(second) : Promise.reject(new DOMException("", "NotFoundError"));
        track.pull();
        await clock.advance(0);
        answered.resolve();
        if (second) {
          const transport = await dialling;
          assertEquals([transport.microphone!.track, peer.replaced], [second, [second]] as unknown[]);
          peer.channel.end();
          await transport.closed;
        } else {
          const error = await assertRejects(() => dialling, MicrophoneError);
          assertEquals([error.code, hangUps], ["lost", ["hung up"]] as unknown[]);
        }
        assertReleased({ peer, track: second ?? track });
      } finally {
        Object.defineProperty(globalThis, "navigator", { configurable: true, value: navigator });
      }
    }
  }
});

test("A call that is dialled while its microphone is replaced uses the next one, or reports the loss", async () => {
  for (const outcome of ["changed", "lost"] as const) {
    const answered = Promise.withResolvers<void>();
    const opened = Promise.withResolvers<ReturnType<typeof streamOf>>();
    const second = new FakeTrack("second");
    const exchange = () => answered.promise.then(() => ({ sdp: "v=0\r\nanswer" }));
    const { clock, devices, dial, peer, track } = setting({ exchange });
    const dialling = dial();
    await clock.advance(0);
    devices.next = () => opened.promise;
    track.pull();
    answered.resolve();
    const { closed, microphone } = await dialling;
    const events: string[] = [];
    for (const type of ["changed", "lost"] as const) microphone!.on(type, () => events.push(type));
    if (outcome === "changed") opened.resolve(streamOf(second));
    else opened.reject(new DOMException("", "NotFoundError"));
    await clock.advance(0);
    assertEquals([events, peer.replaced], [[outcome], outcome === "changed" ? [second] : []] as unknown[]);
    peer.channel.end();
    await closed;
    assertReleased({ peer, track: microphone!.track as FakeTrack });
  }
});

test("A call goes on without the level of a microphone from which its context cannot record", async () => {
  const audioContext = new FakeContext();
  const played: unknown[] = [];
  const output = {
    srcObject: undefined as unknown,
    muted: false,
    play: () => Promise.resolve(void played.push(output.srcObject)),
    pause() {},
  };
  const { devices, dial, peer, track } = setting({ audioContext, output });
  const cause = new DOMException("another sample rate", "NotSupportedError");
  const { createMediaStreamSource } = audioContext;
  const remote = await streamOf(new FakeTrack("remote"));
  audioContext.createMediaStreamSource = (...[stream]: unknown[]) => {
    if (stream !== remote) throw cause;
    return createMediaStreamSource.call(audioContext);
  };
  const errors: unknown[] = [];
  const { error } = console;
  console.error = (...args) => errors.push(...args);
  try {
    const transport = await dial();
    peer.ontrack?.({ streams: [remote] } as never);
    const second = new FakeTrack("second");
    devices.next = () => streamOf(second);
    await transport.microphone!.switchTo("second");
    assertEquals([peer.replaced, played, errors], [[second], [remote], [cause, cause]]);
    peer.channel.end();
    await transport.closed;
  } finally {
    console.error = error;
  }
  assertEquals(track.readyState, "ended");
});

test("viaApp() sends the offer to the app, and hangs up with the token even while the page closes", async () => {
  const requests: [string, RequestInit][] = [];
  const exchange = viaApp("https://shop.example.com/realtime", {
    headers: () => ({ Authorization: "Bearer mine" }),
    session: { audio: { output: { voice: "cedar" } } },
    fetch: (url, init) => {
      requests.push([url, init]);
      const body = url.endsWith("/calls") ? { sdp: "v=0\r\n", call_id: "rtc_1", call_token: "token" } : undefined;
      return Promise.resolve(
        body
          ? Response.json(body, { status: 201 })
          : new Response(null, { status: 204, headers: { "x-realtime-call-ended": "host" } }),
      );
    },
  });
  const answer = await exchange("v=0\r\noffer", { signal: new AbortController().signal });
  assertEquals([answer.callId, answer.callToken], ["rtc_1", "token"]);
  assertEquals(await answer.hangUp?.(), "host");
  const [[url, init], [hangUpUrl, hangUp]] = requests as [[string, RequestInit], [string, RequestInit]];
  assertEquals(url, "https://shop.example.com/realtime/calls");
  assertEquals(JSON.parse(String(init.body)), {
    sdp: "v=0\r\noffer",
    session: { audio: { output: { voice: "cedar" } } },
  });
  assertEquals(new Headers(init.headers).get("authorization"), "Bearer mine");
  assertEquals(hangUpUrl, "https://shop.example.com/realtime/calls/rtc_1/hangup");
  assertEquals([hangUp.keepalive, new Headers(hangUp.headers).get("x-realtime-call-token")], [true, "token"]);
  // The URL of the route works as well.
  await viaApp("https://shop.example.com/realtime/calls", {
    fetch: (url) => {
      assertEquals(url, "https://shop.example.com/realtime/calls");
      return Promise.resolve(new Response("v=0\r\n"));
    },
  })("v=0", { signal: new AbortController().signal });
});

test("viaApp() hangs up again with new headers, once, as those of the offer may have expired", async () => {
  let [valid, made] = [1, 0];
  const seen: string[] = [];
  const fetch = (url: string, init: RequestInit) => {
    const user = new Headers(init.headers).get("user") ?? "";
    seen.push(`${url.split("/").at(-1)} ${user}`);
    if (user !== `${valid}`) return Promise.resolve(Response.json({}, { status: 403 }));
    const created = { sdp: "v=0\r\n", call_id: "rtc_1", call_token: "token" };
    return Promise.resolve(url.endsWith("calls") ? Response.json(created) : new Response(null, { status: 204 }));
  };
  const hungUp = async (headers: ViaAppOptions["headers"]) => {
    seen.length = 0;
    const answer = await viaApp("https://app/", { headers, fetch })("v=0", { signal: new AbortController().signal });
    valid++;
    return await answer.hangUp!().catch(({ status }) => status);
  };
  const sign = () => Promise.resolve({ user: `${++made}` });
  assertEquals(await hungUp(sign), undefined);
  assertEquals(seen, ["calls 1", "hangup 1", "hangup 2"]);
  made = valid - 1;
  const expired = () => Promise.resolve({ user: `${Math.min(++made, 2)}` });
  assertEquals([await hungUp(expired), seen], [403, ["calls 2", "hangup 2", "hangup 2"]]);
  globalThis.dispatchEvent(new Event("online"));
  await new Promise((resolve) => setTimeout(resolve));
  assertEquals(seen.length, 3, "a refused hang-up is repeated when the network returns");
});

test("viaApp() hangs up when the network returns, if there was none", async () => {
  let isOnline = true;
  let hangUps = 0;
  const fetch = (url: string) => {
    if (url.endsWith("hangup")) hangUps++;
    if (!isOnline) return Promise.reject(new TypeError("Failed to fetch"));
    const created = { sdp: "v=0\r\n", call_id: "rtc_1", call_token: "token" };
    return Promise.resolve(url.endsWith("calls") ? Response.json(created) : new Response(null, { status: 204 }));
  };
  const { hangUp } = await viaApp("https://app/", { fetch })("v=0", { signal: new AbortController().signal });
  const returns = async () => {
    hangUps = 0;
    globalThis.dispatchEvent(new Event("online"));
    await new Promise((resolve) => setTimeout(resolve));
    return hangUps;
  };
  isOnline = false;
  for (let attempt = 0; attempt < 3; attempt++) await assertRejects(async () => await hangUp?.(), ConnectionError);
  assertEquals(await returns(), 2); // the event came too early: nothing rejects
  isOnline = true;
  assertEquals([await returns(), await returns()], [1, 0]);
});

test("viaApp() keeps the query of its address, and says why it cannot hang up", async () => {
  const urls: string[] = [];
  const refusals: Response[] = [];
  const exchange = viaApp("https://shop.example.com/realtime?tenant=1", {
    fetch: (url) => {
      urls.push(url);
      const created = { sdp: "v=0\r\n", call_id: "rtc_1", call_token: "token" };
      if (url.includes("/calls?")) return Promise.resolve(Response.json(created, { status: 201 }));
      const refusal = refusals.shift();
      return refusal ? Promise.resolve(refusal) : Promise.reject(new TypeError("Failed to fetch"));
    },
  });
  const { hangUp } = await exchange("v=0\r\n", { signal: new AbortController().signal });
  const unreachable = await assertRejects(async () => await hangUp?.(), ConnectionError);
  assertEquals([unreachable.kind, (unreachable.cause as Error).message], ["unreachable", "Failed to fetch"]);
  for (let attempt = 0; attempt < 2; attempt++) {
    refusals.push(Response.json({ error: { code: "shutting_down", message: "Later" } }, { status: 503 }));
  }
  const refused = await assertRejects(async () => await hangUp?.(), ConnectionError);
  assertEquals(
    refused.message,
    "Cannot hang up at https://shop.example.com/realtime/calls/rtc_1/hangup?tenant=1 as it was refused with status 503: Later",
  );
  assertEquals(urls, [
    "https://shop.example.com/realtime/calls?tenant=1",
    ...Array(4).fill("https://shop.example.com/realtime/calls/rtc_1/hangup?tenant=1"),
  ]);
});

test("A failed offer exchange (HTML, 401, 429, no answer) is an error with its status, and leaves nothing behind", async () => {
  const problem = { error: { type: "invalid_request_error", code: "not_authorized", message: "Not you" } };
  const cases: [() => Promise<Response>, { kind: string; status?: number; message: RegExp }][] = [
    [() => Promise.resolve(new Response("<!doctype html>")), { kind: "refused", status: 200, message: /v=0.*doctype/ }],
    [() => Promise.resolve(new Response("")), { kind: "refused", status: 200, message: /nothing/ }],
    [() => Promise.resolve(Response.json(problem, { status: 401 })), {
      kind: "refused",
      status: 401,
      message: /Not you/,
    }],
    [() => Promise.resolve(new Response("slow down", { status: 429 })), {
      kind: "refused",
      status: 429,
      message: /429/,
    }],
    [() => Promise.resolve(new Response(null, { status: 503 })), { kind: "refused", status: 503, message: /503/ }],
    [() => Promise.reject(new TypeError("Failed to fetch")), {
      kind: "unreachable",
      message: /no answer from the host/,
    }],
  ];
  for (const [respond, { kind, message, status }] of cases) {
    for (
      const exchange of [
        viaApp("https://app.example.com/realtime", { fetch: respond }),
        withSecret(() => "ek_1", { fetch: respond }),
      ]
    ) {
      const given = setting({ exchange });
      const error = await assertRejects(given.dial, ConnectionError);
      assertEquals([error.kind, error.status], [kind, status] as typeof error.kind[]);
      assertMatch(error.message, message);
      assertReleased(given);
    }
  }
  // The caller's own exchange may return anything.
  for (const sdp of ["", "{}", undefined]) {
    const given = setting({ exchange: () => Promise.resolve({ sdp } as never) });
    assertEquals((await assertRejects(given.dial, ConnectionError)).kind, "refused");
    assertReleased(given);
  }
});

test("withSecret() rejects API keys, and redacts secrets in errors", async () => {
  // The last ones are what TypeScript would have rejected, such as a secret with its details.
  for (const secret of ["sk-secret", "", "ek_\nx", undefined, 42, { value: "ek_canary" }]) {
    let asked = 0;
    const { dial } = setting({
      exchange: withSecret(() => secret as string, { fetch: () => Promise.resolve(new Response(String(asked++))) }),
    });
    const error = await assertRejects(dial, ConnectionError);
    assertEquals([error.kind, asked], ["configuration", 0]);
    if (secret) assertEquals(error.message.includes(String(secret)), false);
  }
  const mistakes = [[undefined, "it is empty"], [7, "it is not a text"], [
    { value: "ek_1" },
    "the field value",
  ]] as const;
  for (const [secret, words] of mistakes) {
    for (const given of [secret, () => secret]) {
      const { dial } = setting({ exchange: withSecret(given as never, { fetch: () => Promise.reject("asked") }) });
      await assertRejects(dial, ConnectionError, words);
    }
  }
  const echoing = (_url: string, init: RequestInit) =>
    Promise.resolve(new Response(`no ${new Headers(init.headers).get("authorization")}`, { status: 401 }));
  const error = await assertRejects(setting({ exchange: withSecret(() => "ek_canary", { fetch: echoing }) }).dial);
  assertEquals(Deno.inspect(error).includes("ek_canary"), false);
});

test("connectWebRtc() rejects unknown options by name, and invalid times", async () => {
  const { dial } = setting({ microfone: {} } as never);
  assertMatch((await assertRejects(dial, TypeError)).message, /microfone.*did you mean microphone/);
  await assertRejects(setting({ graceMs: -1 }).dial, RangeError, "graceMs");
  await assertRejects(setting({ timeoutMs: NaN }).dial, RangeError, "timeoutMs");
  await assertRejects(setting({ audioContext: {} as never }).dial, TypeError, "audioContext must be an AudioContext");
  for (const microphone of ["default", 5, () => {}]) {
    const { devices, dial } = setting({ microphone: microphone as never });
    await assertRejects(dial, TypeError, "Cannot open the microphone as track must be a track");
    assertEquals(devices.asked, []);
  }
  for (
    const dial of [connectWebRtc, connectVoiceWebRtc, connectLiveWebRtc] as ((options?: unknown) => Promise<unknown>)[]
  ) {
    await assertRejects(() => dial(), TypeError, "Cannot connect over WebRTC as the options must be an object");
    await assertRejects(() => dial({}), TypeError, "exchange");
  }
});

test("connectVoiceWebRtc() times out if the session does not begin, and leaves nothing behind, and mute() acts on the track", async () => {
  const silent = setting();
  const options = {
    exchange: ANSWER,
    microphone: { mediaDevices: silent.devices },
    createPeer: () => silent.peer,
    output: null,
    clock: silent.clock,
    timeoutMs: 500,
  };
  const opening = assertRejects(() => connectVoiceWebRtc(options), DOMException);
  await silent.clock.advance(500);
  assertEquals((await opening).name, "TimeoutError");
  await silent.clock.advance(200);
  assertReleased(silent);

  const given = setting();
  given.peer.onAnswer = () => {
    given.peer.connect();
    const session = { type: "realtime", object: "realtime.session", id: "sess_1", model: "m" };
    given.peer.channel.receive(JSON.stringify({ type: "session.created", event_id: "e1", session }));
    given.peer.channel.send = (message: string) => {
      given.peer.channel.sent.push(message);
      const { type } = JSON.parse(message);
      if (type !== "session.update") return;
      given.peer.channel.receive(JSON.stringify({ type: "session.updated", event_id: "e2", session }));
    };
  };
  const voice = await connectVoiceWebRtc({
    ...options,
    microphone: { mediaDevices: given.devices },
    createPeer: () => given.peer,
    clock: given.clock,
    recovery: false,
  });
  voice.mute();
  assertEquals([given.track.enabled, voice.muted, voice.call.microphone?.muted], [false, true, true]);
  // Events of the server do not change what the user set on the microphone.
  voice.unmute();
  voice.call.microphone?.mute();
  given.peer.channel.receive(
    JSON.stringify({ type: "output_audio_buffer.started", event_id: "e3", response_id: "r1" }),
  );
  assertEquals(given.track.enabled, false);
  voice.call.microphone?.unmute();
  assertEquals(given.track.enabled, true);
  given.peer.channel.end();
  assertEquals((await voice.closed).code, 1005);
  assertReleased(given);
});

test("A session over a data channel of the simulator behaves like any other", async () => {
  await using simulator = createSimulator({
    pace: "fast",
    answerSdp(_offer, call) {
      const channel = call.openChannel();
      const { channel: page } = given.peer;
      page.send = (message: string) => channel.send(message);
      page.close = () => {
        call.hangUp();
        page.end();
      };
      given.peer.onAnswer = () => {
        given.peer.connect();
        channel.listen({ message: (data) => page.receive(data), close: () => page.end() });
      };
      return Promise.resolve("v=0\r\n");
    },
  });
  const given = setting({
    exchange: withSecret(async () => {
      const request = { method: "POST", headers: { authorization: "Bearer sk-test" }, body: "{}" };
      const response = await simulator.fetch("https://simulator/v1/realtime/client_secrets", request);
      return (await response.json()).value;
    }, { fetch: (url, init) => simulator.fetch(url, withOffer(init)), baseUrl: "https://simulator/v1" }),
  });
  const transport = await given.dial();
  assert(transport.callId?.startsWith("rtc_"));
  await using session = await connect({ transport, shared: transport.shared, outputModalities: ["text"] });
  await session.sendMessage("Hello.");
  assertEquals(await session.respond().text(), "You said: Hello.");
});

/** The simulator checks the offer, which a fake peer does not really create. */
function withOffer(init: RequestInit): RequestInit {
  const lines = ["v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0", "m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=mid:0"];
  const ice = ["a=ice-ufrag:abcd", "a=ice-pwd:abcdefghijklmnopqrstuv", "a=setup:actpass", "a=rtpmap:111 opus/48000/2"];
  const fingerprint = `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => "AA").join(":")}`;
  return { ...init, body: [...lines, ...ice, fingerprint, ""].join("\r\n") };
}
