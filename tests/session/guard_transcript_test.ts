import { assertEquals } from "@std/assert";
import { guardTranscript, type GuardTranscriptOptions } from "../../src/session/mod.ts";
import { type Frame, openResponding, output, responseCreated, responseDone } from "./_fake_server.ts";

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

Deno.test("guardTranscript() interrupts and cancels the response that says something wrong", async () => {
  const { server, log } = await guarded();
  server.emit(said("all "), said("fine "));
  await server.settle();
  assertEquals(server.sent, []);
  server.emit(said("bad"));
  await server.settle();
  assertEquals(log.slice(-3), ["check all fine bad", "interrupt", "Bad word in resp_1"]);
  assertEquals(server.last("response.cancel").response_id, "resp_1");
  // Nothing more is checked of it, and the next one afresh.
  server.emit(said(" worse"), responseDone("resp_1", { status: "cancelled" }));
  server.emit(responseCreated("resp_2"), said("good", "resp_2"));
  await server.settle();
  assertEquals([log.at(-1), server.sent.length], ["check good", 1]);
});

Deno.test("guardTranscript() checks one at a time, then all that came meanwhile", async () => {
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

Deno.test("guardTranscript() does not cut another response for a late answer", async () => {
  const answer = Promise.withResolvers<string>();
  const { server, log } = await guarded({ check: () => answer.promise });
  server.emit(said("bad"), responseDone("resp_1"), responseCreated("resp_2"));
  await server.settle();
  answer.resolve("Bad word");
  await server.settle();
  // It may still be playing, so that it is interrupted all the same.
  assertEquals([log, server.sent], [["interrupt", "Bad word in resp_1"], []]);
});

Deno.test("guardTranscript() reports what its functions throw, and lets the response go on", async () => {
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

Deno.test("guardTranscript() ends when told to", async () => {
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
