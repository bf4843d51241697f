import { assertEquals } from "@std/assert";
import { Opening } from "../../../src/_recovery/opening.ts";
import type { ItemParam } from "../../../src/protocol/mod.ts";
import { createItems } from "../../../src/session/_recovery/create_items.ts";
import type { SessionHost } from "../../../src/session/session_part.ts";
import { createVirtualClock } from "../../../src/simulator/mod.ts";
import type { IncomingEvent, Transport } from "../../../src/transport/mod.ts";

type Frame = Readonly<Record<string, unknown>> & { readonly type: string };

const error = (message: string, eventId?: unknown) => ({ type: "error", error: { message, event_id: eventId } });
const UPDATED = { type: "session.updated", session: {} };
const MISSING = "the server did not confirm it";

/** Creates the items a, b and c on a server that answers each event with those of `answer`. */
async function create(answer: (event: Frame, name: string) => readonly Frame[]) {
  const clock = createVirtualClock();
  let controller: ReadableStreamDefaultController<IncomingEvent>;
  let questions = 0;
  let ids = 0;
  const transport = {
    events: new ReadableStream<IncomingEvent>({ start: (it) => void (controller = it) }),
    send: (event: Frame & { readonly item?: { readonly id: string } }) => {
      const name = event.item?.id ?? `question ${++questions}`;
      for (const frame of answer(event, name)) controller.enqueue(frame as unknown as IncomingEvent);
    },
  };
  const makeId = (prefix: string) => `${prefix}_${ids++}`;
  const opening = new Opening<never, IncomingEvent>(transport as unknown as Transport<never>, makeId, 0);
  const items = ["a", "b", "c"].map((id): ItemParam => ({ id, type: "message", role: "user", content: [] }));
  let waitedMs: number | undefined;
  const creating = createItems(opening as never, items, { clock, makeId } as unknown as SessionHost).then((refused) => {
    waitedMs = clock.now();
    return [...refused].map(([{ id }, { message }]) => `${id}: ${message}`);
  });
  for (let ms = 0; ms <= 3000 && waitedMs === undefined; ms += 500) await clock.advance(500);
  assertEquals(clock.pending, 0);
  const forSession = opening.first.map(({ type }) => type).filter((type) => type !== UPDATED.type);
  return { refused: await creating, isLate: waitedMs! >= 2000, forSession, asked: questions, first: opening.first };
}

/** A server that creates items and accepts updates. */
const accept = ({ item, type }: Frame): readonly Frame[] =>
  type === "session.update" ? [UPDATED] : [{ type: "conversation.item.added", item }];

Deno.test("createItems() reports items that were refused or ignored, whether or not errors are named", async () => {
  const cases: readonly (readonly [Parameters<typeof create>[0], readonly string[], boolean])[] = [
    [accept, [], false],
    [(event, name) => name === "b" ? [error("No", event.event_id)] : accept(event), ["b: No"], false],
    [(event, name) => name === "b" ? [error("No")] : accept(event), ["b: No"], false],
    [(event) => event.item ? accept(event) : [error("No")], [], false],
    [(event, name) => name === "b" ? [] : accept(event), [`b: ${MISSING}`], true],
    [
      (event, name) => name === "a" ? [error("No")] : name === "b" ? [] : accept(event),
      ["a: No", `b: ${MISSING}`],
      true,
    ],
    // An error about the question cannot be told from one about the item.
    [(event, name) => name === "b" ? [] : event.item ? accept(event) : [error("No")], ["b: No"], true],
  ];
  for (const [answer, refused, isLate] of cases) {
    const result = await create(answer);
    assertEquals([result.refused, result.isLate, result.asked], [refused, isLate, isLate ? 2 : 1]);
  }
});

Deno.test("createItems() leaves the server's own list of tools to the session, and takes it for no answer", async () => {
  const item = { id: "list", type: "mcp_list_tools" };
  const list = ["added", "done"].map((end) => ({ type: `conversation.item.${end}`, item }));
  const { forSession, refused } = await create((event, name) => name === "a" ? list : accept(event));
  assertEquals(refused, [`a: ${MISSING}`]);
  assertEquals(forSession, list.map(({ type }) => type));
});

Deno.test("createItems() takes the answer to its last question, which would answer an update of the session", async () => {
  const stray = { type: "rate_limits.updated", rate_limits: [] };
  const { first, forSession, refused } = await create((event, name) => {
    if (name === "a") return [error("No")];
    if (name === "b") return [];
    return name === "question 2" ? [stray, UPDATED] : accept(event);
  });
  assertEquals(refused, ["a: No", `b: ${MISSING}`]);
  assertEquals([forSession, first.filter(({ type }) => type === UPDATED.type).length], [[stray.type], 2]);
});
