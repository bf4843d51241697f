import { assert, assertEquals } from "@std/assert";
import { guardTranscript, type GuardTranscriptOptions } from "../../../src/session/mod.ts";
import { converse, eventsOf, tone, until } from "../../voice/_conversation.ts";
import { collect, type Frame, open, openResponding, output, responseCreated, responseDone } from "../_fake_server.ts";

const SPEECH = "response.output_audio_transcript.delta";

function said(delta: string, responseId = "resp_1"): Frame {
  return output(SPEECH, responseId, { delta });
}

async function guarded(options: Partial<GuardTranscriptOptions> = {}) {
  const { server, session, handle } = await openResponding();
  server.takeTypes();
  const log: string[] = [];
  const stop = guardTranscript(session, {
    check: (text) => {
      log.push(`check ${text}`);
      return text.includes("bad") ? "Bad word" : undefined;
    },
    interrupt: () => log.push("interrupt"),
    onTripped: (problem, { responseId }) => log.push(`${problem} in ${responseId}`),
    onError: (error) => log.push(`${error}`),
    ...options,
  });
  return { server, session, handle, log, stop };
}

Deno.test("guardTranscript() interrupts and cancels the response that fails its check", async () => {
  const { server, log } = await guarded();
  server.emit(said("all "), said("fine "));
  await server.settle();
  assertEquals(server.sent, []);
  server.emit(said("bad"));
  await server.settle();
  assertEquals(log.slice(-3), ["check all fine bad", "interrupt", "Bad word in resp_1"]);
  assertEquals(server.last("response.cancel").response_id, "resp_1");
  // Nothing more of it is checked, and the next response is checked from its start.
  server.emit(said(" worse"), responseDone("resp_1", { status: "cancelled" }));
  server.emit(responseCreated("resp_2"), said("good", "resp_2"));
  await server.settle();
  assertEquals([log.at(-1), server.sent.length], ["check good", 1]);
});

Deno.test("guardTranscript() runs one check at a time, and then checks all text that arrived meanwhile", async () => {
  const answers: (() => void)[] = [];
  const texts: string[] = [];
  const { server } = await guarded({
    check: (text) => {
      texts.push(text);
      return new Promise((resolve) => answers.push(() => resolve(undefined)));
    },
  });
  server.emit(said("a"), said("b"), said("c"));
  await server.settle();
  assertEquals(texts, ["a"]);
  answers[0]!();
  await server.settle();
  assertEquals(texts, ["a", "abc"]);
  answers[1]!();
  await server.settle();
  assertEquals(texts.length, 2);
});

Deno.test("guardTranscript() does not cancel another response when a check settles late", async () => {
  const answer = Promise.withResolvers<string>();
  const { server, log } = await guarded({ check: () => answer.promise });
  server.emit(said("bad"), responseDone("resp_1"), responseCreated("resp_2"));
  await server.settle();
  answer.resolve("Bad word");
  await server.settle();
  // It may still be playing, so it is interrupted nevertheless.
  assertEquals([log, server.sent], [["interrupt", "Bad word in resp_1"], []]);
});

Deno.test("guardTranscript() reports errors of its callbacks, and lets the response continue", async () => {
  const { server, log } = await guarded({
    check: (text) => {
      if (text === "a") throw new Error("Broken");
      return text === "ab" ? "Bad word" : undefined;
    },
  });
  server.emit(said("a"));
  await server.settle();
  assertEquals([log, server.sent], [["Error: Broken"], []]);
  server.emit(said("b"));
  await server.settle();
  assertEquals(log.slice(1), ["interrupt", "Bad word in resp_1"]);
});

Deno.test("guardTranscript() checks text that arrived during a failed check, and cancels although interrupt throws", async () => {
  const broken = Promise.withResolvers<string>();
  const { server, log } = await guarded({
    check: (text) => text === "a" ? broken.promise : "Bad word",
    interrupt: () => Promise.reject(new Error("Not now")),
    onTripped: () => {
      throw new Error("Nor this");
    },
  });
  server.emit(said("a"), said("b"));
  await server.settle();
  broken.reject(new Error("Broken"));
  await server.settle();
  assertEquals(log, ["Error: Broken", "Error: Not now", "Error: Nor this"]);
  assertEquals(server.last("response.cancel").response_id, "resp_1");
});

Deno.test("guardTranscript() checks the final text if the server sends no deltas or names no response", async () => {
  const { server, log } = await guarded();
  const done = { type: "response.output_audio_transcript.done", item_id: "a", content_index: 0 };
  server.emit({ ...done, transcript: "all fine" }, { type: "response.output_text.done", text: ", and bad" });
  await server.settle();
  assertEquals(log, ["check all fine", "check all fine, and bad", "interrupt", "Bad word in resp_1"]);
  assertEquals(server.last("response.cancel").response_id, "resp_1");
  const other = await guarded();
  other.server.emit(said("fine"), output(done.type, "resp_1", { transcript: "fine" }));
  await other.server.settle();
  assertEquals(other.log, ["check fine"]);
});

Deno.test("guardTranscript() checks a response without response.created", async () => {
  const { server, session } = await open();
  const log: string[] = [];
  guardTranscript(session, {
    check: (text) => text.includes("bad") ? "Bad word" : undefined,
    onTripped: (problem, { responseId }) => log.push(`${problem} in ${responseId}`),
    onError: (error) => log.push(`${error}`),
  });
  server.emit(said("all "), said("bad"));
  await server.settle();
  assertEquals(log, ["Bad word in resp_1"]);
  assertEquals(server.sentOf("response.cancel").map(({ response_id }) => response_id), ["resp_1"]);
  // The next response has no ids at all.
  server.emit(responseDone("resp_1", { status: "cancelled" }));
  const { response_id: _id, item_id: _item, ...nameless } = said("bad");
  server.emit(nameless, { type: "response.done", response: { status: "completed" } });
  await server.settle();
  assertEquals(log, ["Bad word in resp_1", "Bad word in "]);
  server.emit(nameless);
  await server.settle();
  assertEquals(log.length, 3);
  assertEquals(server.sentOf("response.cancel").at(-1)?.response_id, undefined);
});

Deno.test("guardTranscript() checks each of several responses separately, including out-of-band ones", async () => {
  const { server, log } = await guarded();
  server.emit(responseCreated("resp_2", null, null), said("ba", "resp_2"), said("d", "resp_1"), said("bad", "resp_3"));
  await server.settle();
  assertEquals(log.filter((line) => line.startsWith("Bad")), ["Bad word in resp_3"]);
  server.emit(said("d", "resp_2"));
  await server.settle();
  assertEquals(log.filter((line) => line.startsWith("Bad")), ["Bad word in resp_3", "Bad word in resp_2"]);
  assertEquals(server.sentOf("response.cancel").map(({ response_id }) => response_id), ["resp_3", "resp_2"]);
});

Deno.test("guardTranscript() checks words spoken before it was installed, once", async () => {
  const { server, session } = await openResponding();
  session.on("*", () => {});
  server.emit(said("all "), said("b"));
  await server.settle();
  const log: string[] = [];
  guardTranscript(session, {
    check: (text) => void log.push(text),
    onError: (error) => log.push(`${error}`),
  });
  server.emit(said("ad"), output("response.output_audio_transcript.done", "resp_1", { transcript: "all bad" }));
  await server.settle();
  assertEquals(log, ["all b", "all bad"]);
});

for (
  const [kind, onError] of [
    ["throws", () => {
      throw new Error("Logger broke");
    }],
    ["rejects", () => Promise.reject(new Error("Logger broke"))],
  ] as const
) {
  Deno.test(`guardTranscript() survives an onError that ${kind}, and the session reports it`, async () => {
    const { server, session, log } = await guarded({
      check: (text) => {
        if (!text.includes("bad")) throw new Error("Moderation is down");
        return "Bad word";
      },
      interrupt: () => Promise.reject(new Error("Not now")),
      onError,
    });
    const failed = collect(session, "listener_failed");
    server.emit(said("hello"));
    await server.settle();
    server.emit(said(" bad"));
    await server.settle();
    assertEquals(log, ["Bad word in resp_1"]);
    assertEquals(server.last("response.cancel").response_id, "resp_1");
    const reports = failed.map((event) => [event.type, String((event as Frame).error)]);
    assertEquals(reports, Array.from({ length: 2 }, () => ["listener_failed", "Error: Logger broke"]));
    // Also when it starts in the middle of a response.
    guardTranscript(session, {
      check: () => {
        throw new Error("Moderation is down");
      },
      onError,
    });
    await server.settle();
    server.emit(responseDone("resp_1"));
    await server.settle();
    assertEquals(failed.length, 3);
  });
}

Deno.test("guardTranscript() does not cancel a response that is already being cancelled", async () => {
  const { server, log, handle } = await guarded();
  void handle.cancel();
  server.emit(said("bad"));
  await server.settle();
  assertEquals([log.at(-1), server.sentOf("response.cancel").length], ["Bad word in resp_1", 1]);
});

Deno.test("guardTranscript() stops checking when stopped", async () => {
  let signal: AbortSignal | undefined;
  const answer = Promise.withResolvers<string>();
  const { server, log, stop } = await guarded({
    check: (_text, context) => {
      signal = context.signal;
      return answer.promise;
    },
  });
  server.emit(said("bad"));
  await server.settle();
  stop();
  assertEquals(signal?.aborted, true);
  answer.resolve("Bad word");
  server.emit(said("bad"));
  await server.settle();
  assertEquals([log, server.sent], [[], []]);
});

Deno.test("guardTranscript() truncates a voice answer where it was heard, and a new answer replaces it", async () => {
  const message = (text: string, ms: number) => ({ outputs: [{ type: "message", text, audio: tone(ms) } as const] });
  await using conversation = await converse({ turnDetection: null }, {
    createModel: () => ({
      hear: () => "",
      reply: ({ instructions }) =>
        /Apologise/.test(instructions)
          ? message("I am sorry.", 500)
          : message(`${"Once upon a time ".repeat(10)} a bad wolf ${"ran away ".repeat(20)}`, 10_000),
    }),
  });
  const { voice, clock, taken } = conversation;
  const errors: unknown[] = [];
  guardTranscript(voice.session, {
    check: (text) => text.includes("bad") ? "Bad word" : undefined,
    interrupt: () => voice.bargeIn(),
    onTripped: (problem) => void voice.session.respond({ instructions: `Apologise for this: ${problem}` }),
    onError: (error) => errors.push(error),
  });
  voice.session.respond();
  const said = () => eventsOf(conversation, "transcript_done").map(({ transcript }) => transcript);
  await until(clock, () => said().includes("I am sorry.") && voice.playback.unheardMs === 0);
  const [cut, ...others] = eventsOf(conversation, "interrupted");
  assertEquals([others, errors], [[], []]);
  const { itemId, heardMs, action } = cut!;
  assertEquals(action, "truncate");
  // The reader has taken at most 200 ms more than was heard.
  assert(heardMs > 0 && (taken.get(itemId) ?? 0) <= heardMs + 300, `${heardMs} of ${taken.get(itemId)}`);
  const [story, apology] = voice.session.conversation.getSnapshot();
  assertEquals([story?.interrupted, apology?.text, apology?.interrupted], [true, "I am sorry.", false]);
});
