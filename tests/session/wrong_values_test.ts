import { assert, assertEquals } from "@std/assert";
import { InvalidEventError } from "../../src/errors.ts";
import { connect, type ConnectOptions } from "../../src/connect.ts";
import { createSimulator } from "../../src/simulator/simulator.ts";
import type { Session } from "../../src/session/mod.ts";

/** Calls with values that a compiler would reject, and a part of the message of the error. */
const WRONG: readonly (readonly [call: (session: Session) => unknown, message: string])[] = [
  ...[null, undefined, "response.create", {}, { type: 1 }].map((event) =>
    [(session: Session) => session.send(event as never), "Cannot send event as "] as const
  ),
  [(session) => session.addItem(undefined as never), "as item.type must be "],
  [(session) => session.appendAudio(undefined as never), "as it must be a Uint8Array"],
  ...[undefined, null, {}].map((tools) =>
    [
      (session: Session) => session.setTools(tools as never),
      `tools must be an array: current value is ${tools}`,
    ] as const
  ),
  ...[null, "tool"].map((tool) =>
    [(session: Session) => session.setTools([tool as never]), "session.tools[0] must be an object"] as const
  ),
];

Deno.test("commands reject values of the wrong kind with an error of their own", async () => {
  await using session = await connect({ apiKey: "sk-test", dial: createSimulator().dial });
  for (const [call, message] of WRONG) {
    const error = await Promise.try(call, session).then(() => undefined, (error: unknown) => error);
    const isOwn = error instanceof InvalidEventError || error instanceof TypeError;
    assert(isOwn && error.message.startsWith("Cannot ") && error.message.includes(message), `${call}: ${error}`);
  }
  assertEquals(session.state, "open");
});

Deno.test("connect() rejects a tool that is no object with an error of its own", async () => {
  const { dial, sessions } = createSimulator();
  for (const tools of [[null], ["tool"], [undefined]]) {
    const options = { apiKey: "sk-test", dial, tools } as unknown as ConnectOptions;
    const error = await connect(options).then(() => undefined, (error: unknown) => error);
    assert(error instanceof InvalidEventError, `${error}`);
    assert(error.message.startsWith("Cannot send session.update as session.tools[0] must be an object"), error.message);
  }
  assertEquals(sessions.length, 0);
});

Deno.test("connect() rejects a timeout that is no number, and a hangUp that is no function", async () => {
  const { dial } = createSimulator();
  const wrong = [
    [{ ackTimeoutMs: "1000" }, "Cannot connect as ackTimeoutMs must be a number >= 0: current value is of type String"],
    [{ ackTimeoutMs: -1 }, "Cannot connect as ackTimeoutMs must be a number >= 0: current value is -1"],
    [
      { limits: { hangUp: "rtc_1" } },
      "Cannot connect as limits.hangUp must be a function: current value is of type String",
    ],
  ] as const;
  for (const [options, message] of wrong) {
    const opening = connect({ apiKey: "sk-test", dial, ...options } as ConnectOptions);
    const error = await opening.then(() => undefined, (error: unknown) => error);
    assertEquals((error as Error | undefined)?.message, message);
  }
});
