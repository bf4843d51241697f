import { assert, assertEquals } from "@std/assert";
import { pause } from "../../../src/_internal/timeout.ts";
import { InvalidEventError } from "../../../src/errors.ts";
import type { ClientEvent } from "../../../src/protocol/mod.ts";
import { openWorld, withPauses } from "./_world.ts";

Deno.test("an unchecked event that cannot be sent after a drop is reported, and harms nothing", async () => {
  const { clock, end, events, server, session, until } = await openWorld();
  const failed: unknown[] = [];
  session.on("listener_failed", ({ error, eventType }) => void failed.push([eventType, error]));
  server().fault({ type: "drop" });
  await clock.advance(0);
  assertEquals(session.state, "reconnecting");
  const before = session.sendMessage("First");
  for (const type of ["session.update", "response.create"]) {
    session.send({ type, session: 1n, response: 1n } as unknown as ClientEvent, { check: false });
  }
  const after = session.ask("Second");
  await until(before);
  assertEquals((await until(after)).status, "completed");
  assertEquals(failed.length, 2);
  for (const [context, error] of failed as [string, unknown][]) {
    assert(context === "send" && error instanceof InvalidEventError, `${context} ${error}`);
  }
  assertEquals(events.map(({ type }) => type), ["reconnecting", "recovered"]);
  await end();
  assertEquals(clock.pending, 0);
});

Deno.test("a request that the application has sent by itself during a drop is answered before respond()", async () => {
  const { clock, end, sent, server, session, until } = await openWorld({}, {}, async (attempt) => {
    // Longer than such a request is waited for on an open line.
    if (attempt === 2) await pause(5000, clock, new AbortController().signal);
  });
  server().fault({ type: "drop" });
  await clock.advance(0);
  session.send({ type: "response.create", response: { instructions: "By hand" } });
  const handle = session.respond({ instructions: "respond()" });
  const responses = session.responses();
  assertEquals((await until(handle.done)).status, "completed");
  const origins: boolean[] = [];
  for (let count = 0; count < 2; count++) origins.push((await responses.next()).value!.startedByServer);
  assertEquals(origins, [true, false]);
  assertEquals(sent.filter(({ type }) => type === "response.create").length, 2);
  await end();
});

Deno.test("a command waits for the next connection as long as it takes, unless it has a timeout of its own", async () => {
  let dials = 0;
  const stall = { type: "stall", ms: 3000, at: "conversation.item.added", skip: 1 } as const;
  const { clock, end, server, session, until } = await openWorld(
    { ackTimeoutMs: 1000 },
    { faults: () => ++dials === 2 ? [stall] : [] },
    async (attempt) => {
      if (attempt === 2) await pause(5000, clock, new AbortController().signal);
    },
  );
  server().fault({ type: "drop" });
  await clock.advance(0);
  const patient = session.sendMessage("Patient");
  const impatient = session.sendMessage("Impatient", { timeoutMs: 2000 });
  const error = await until(impatient.catch((error) => error));
  assertEquals([error.name, session.state], ["TimeoutError", "reconnecting"]);
  const unanswered = session.sendMessage("Unanswered").catch((error) => error);
  await until(patient);
  const before = clock.now();
  assertEquals([(await until(unanswered)).name, clock.now() - before], ["TimeoutError", 1000]);
  // The wait for the impatient one is over, but it still takes effect.
  assertEquals(server().items.length, 2);
  await end();
});

Deno.test("a recovery that fails unexpectedly ends the session, after a drop and in a renewal", async () => {
  const random = () => {
    throw new Error("There are no random numbers");
  };
  for (const isRenewal of [false, true]) {
    await withPauses(random, async () => {
      let dials = 0;
      const { clock, events, server, session, until } = await openWorld({}, {
        // The connection of the renewal breaks in the middle of the replay.
        faults: () => ++dials === 2 && isRenewal ? [{ type: "drop", at: "conversation.item.added" }] : [],
      });
      await until(session.sendMessage("Hello"));
      if (!isRenewal) server().fault({ type: "drop" });
      await clock.advance(3_600_000);
      assertEquals([session.state, events.map(({ type }) => type)], ["closed", ["recovery_failed", "closed"]]);
      assertEquals(clock.pending, 0);
    });
  }
});
