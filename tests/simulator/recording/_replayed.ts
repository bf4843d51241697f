import { decodeBase64 } from "../../../src/audio/mod.ts";
import { randomId } from "../../../src/_internal/ids.ts";
import { connect } from "../../../src/connect.ts";
import { checkClientEvent, type ItemParam, type ResponseConfig } from "../../../src/protocol/mod.ts";
import type { ResponseOutcome, Session, SessionEvent } from "../../../src/session/mod.ts";
import type { RecordedEvent, RecordedLine } from "../../../src/simulator/recording/recording.ts";
import { type Replay, replayRecording } from "../../../src/simulator/recording/replay.ts";
import type { ReplayReport } from "../../../src/simulator/recording/replay_report.ts";
import { FaultLine } from "../../../src/simulator/_faults/fault_line.ts";
import type { LineFault } from "../../../src/simulator/_faults/line_fault.ts";
import { createMemorySocketPair } from "../../../src/transport/memory.ts";
import type { Socket } from "../../../src/transport/socket.ts";
import { watchView } from "../_watched_view.ts";
import { createVirtualClock, type VirtualClock } from "../../../src/simulator/virtual_clock.ts";
import { defineTool, type RealtimeTool } from "../../../src/tools/mod.ts";

// deno-lint-ignore no-explicit-any -- tests read arbitrary fields
export type Event = any;

/** How the server's frames are delivered to the client. */
export interface Line {
  /** Faults of the connection; they delay and reorder as the protocol permits. */
  readonly faults: readonly LineFault[];
}

/** The result of a conversation with a recording. */
export interface Replayed {
  /** Faults of the conversation view at any time. */
  readonly mistakes: readonly string[];
  /** The text of each item at the end. */
  readonly texts: readonly string[];
  readonly report: ReplayReport;
  readonly seen: readonly SessionEvent[];
  readonly outcomes: readonly ResponseOutcome[];
}

/** Longer than any frame is held, in virtual milliseconds. */
const SETTLE_MS = 5000;

/** Events of a recording that one side has sent. */
export function eventsIn(lines: readonly RecordedLine[], dir: "recv" | "sent"): Event[] {
  return lines.filter((line): line is RecordedEvent => "event" in line && line.dir === dir).map(({ event }) => event);
}

/**
 * Replays the actions of a recording's client with our session, against that recording: `edit` may change the actions.
 * The session answers function calls by itself.
 */
export async function converse(
  lines: readonly RecordedLine[],
  edit: (events: readonly Event[]) => readonly Event[] = (events) => events,
  line: Line = { faults: [] },
): Promise<Replayed> {
  const clock = createVirtualClock();
  const [update, ...events] = edit(eventsIn(lines, "sent"));
  const unsaid = fieldsOfOtherServers(update);
  const replay = replayRecording(lines, { clock, ignore: unsaid.map((name) => `session.${name}`) });
  const { tools, ...config } = Object.fromEntries(
    Object.entries<Event>(update.session).filter(([name]) => !unsaid.includes(name)),
  );
  const outputs = events.filter((event) => event.item?.type === "function_call_output").map(({ item }) => item.output);
  const connecting = connect({
    apiKey: "sk-test",
    clock,
    dial: () => Promise.resolve(openLine(replay, clock, line)),
    session: config,
    tools: tools?.map((tool: Event) => answeredTool(tool, outputs)),
    // A recording without session.created at its start is one of a sideband.
    ...eventsIn(lines, "recv")[0]?.type !== "session.created" && { callId: "rtc_1" },
  });
  await clock.advance(SETTLE_MS);
  const session = await connecting;
  const view = watchView(session);
  const seen: SessionEvent[] = [];
  session.on("*", (event: Event) => {
    // Vendor-specific events are delivered unchanged, with the vendor's types.
    const wire = event.type === "malformed_event" ? event.raw : event;
    if ("event_id" in wire) seen.push(wire);
  });
  const outcomes: ResponseOutcome[] = [];
  await act(session, events, clock, outcomes);
  await clock.advance(SETTLE_MS);
  const texts = session.conversation.getSnapshot().map(({ text }) => text);
  const closing = session.close();
  await clock.advance(SETTLE_MS);
  await closing;
  return { report: await replay.ended, seen, outcomes, mistakes: view.mistakes, texts };
}

/** Opens the client's end of a connection to a replay. */
function openLine(replay: Replay, clock: VirtualClock, { faults }: Line): Socket {
  const [client, server] = createMemorySocketPair();
  const line = new FaultLine(server, { clock, ids: randomId });
  for (const fault of faults) line.add(fault);
  replay.serve(line);
  return client;
}

/**
 * Fields of a recorded `session.update` that our client does not send unchanged: those that only other servers know,
 * and the session type if the server does not require it.
 */
function fieldsOfOtherServers(update: Event): readonly string[] {
  const typed = { ...update, session: { type: "realtime", ...update.session } };
  const unknown = checkClientEvent(typed).map(({ path }) => path.split(/[.[]/)[1] ?? "");
  return "type" in update.session ? unknown : ["type", ...unknown];
}

/** Performs the actions of a client, one after the other. */
async function act(session: Session, events: readonly Event[], clock: VirtualClock, outcomes: ResponseOutcome[]) {
  let isAnswered = false;
  for (const event of events) {
    if (event.type === "input_audio_buffer.append") {
      session.appendAudio(decodeBase64(event.audio));
    } else if (event.item?.type === "function_call_output") {
      isAnswered = true;
    } else if (event.type === "conversation.item.create") {
      void session.addItem(event.item as ItemParam);
    } else if (event.type === "response.create" && !isAnswered) {
      const { oai_rt_key: _, ...metadata } = event.response?.metadata ?? {};
      const { done } = session.respond({ ...event.response, metadata } as ResponseConfig);
      void done.then((outcome) => outcomes.push(outcome));
    } else if (event.type === "response.create") {
      // The session requests the follow-up itself.
      isAnswered = false;
    } else {
      session.send(event);
    }
    await clock.advance(event.type === "input_audio_buffer.append" ? 0 : SETTLE_MS);
  }
}

function answeredTool({ description, name, parameters }: Event, outputs: string[]): RealtimeTool {
  return defineTool({ description, name, parameters, run: () => outputs.shift() });
}
