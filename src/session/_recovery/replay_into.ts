// This module is browser compatible.
import { LazySet } from "../../_internal/lazy_collections.ts";
import { show } from "../../_internal/text/show.ts";
import { withTimeout } from "../../_internal/timeout.ts";
import { loss } from "../../_recovery/loss.ts";
import type { Opening } from "../../_recovery/opening.ts";
import type { Restored } from "../../_recovery/recoverable.ts";
import type { RecoveryLoss } from "../../_recovery/recovery_events.ts";
import type { ReplayOptions } from "../../_recovery/recovery_options.ts";
import type { ClientEvent, ItemParam } from "../../protocol/mod.ts";
import type { IncomingEvent } from "../../transport/transport.ts";
import type { ConversationView } from "../conversation.ts";
import type { SessionHost } from "../session_part.ts";
import { createItems } from "./create_items.ts";
import { InputTail } from "./input_tail.ts";
import type { LossLedger } from "./loss_ledger.ts";
import { estimateTokens, planReplay, type ReplayedItem, type ReplayPlan } from "./replay_plan.ts";

/** Time that the application has to summarize the omitted items, in milliseconds. */
const SUMMARY_MS = 5000;

/** Replays the conversation and the uncommitted audio on a new connection; resolves with the result. */
export async function replayInto(
  opening: Opening<ClientEvent, IncomingEvent>,
  host: SessionHost,
  ledger: LossLedger,
  options: ReplayOptions,
): Promise<Restored<ClientEvent>> {
  const { conversation } = host.session as { readonly conversation?: ConversationView };
  const entries = conversation?.getSnapshot() ?? [];
  const plan = planReplay(entries, options, ledger.reported);
  const notes = {
    summarize: toNote(plan.omitted[0] && await summarize(plan.omitted, host, options)),
    anchor: toNote(options.anchor),
  };
  const items = [...notes.summarize, ...plan.items.map(({ item }) => item), ...notes.anchor];
  const refused = await createItems(opening, items, host);
  for (const [name, [note]] of Object.entries(notes)) {
    const error = note && refused.get(note);
    if (error) host.report(error, `recovery.replay.${name}`);
  }
  const { again, lostMs } = ledger.input.take(host.clock.now());
  ledger.input = new InputTail();
  const lost: RecoveryLoss[] = [...ledger.takeResponses(), ...ledger.audioLossOf(lostMs)];
  const reported = new LazySet<string>();
  const add = ({ id, kind, reason }: ReplayPlan["lost"][number]) => {
    // A loss is reported once.
    if (!ledger.reported.has(id)) lost.push(loss(kind, id, ledger.timeOf(id), reason));
    reported.add(id);
  };
  if (!conversation) lost.push(...ledger.takeItems(host.config?.type === "transcription"));
  plan.lost.forEach(add);
  const restored: string[] = [];
  let replayedTokens = 0;
  for (const { id, item } of plan.items) {
    const error = refused.get(item);
    if (error) add({ id, kind: "item", reason: error.message });
    else {
      restored.push(id);
      replayedTokens += estimateTokens(item);
    }
  }
  ledger.reported = reported;
  return { restored, lost, replayedTokens, again };
}

/** A system message with this text, if there is one. */
function toNote(text: string | undefined): readonly ItemParam[] {
  return text ? [{ type: "message", role: "system", content: [{ type: "input_text", text }] }] : [];
}

async function summarize(
  omitted: readonly ReplayedItem[],
  host: SessionHost,
  { summarize }: ReplayOptions,
): Promise<string | undefined> {
  const task = async () => {
    const text: unknown = await summarize?.(omitted.map(({ item }) => item));
    if (text === undefined || typeof text === "string") return text;
    throw new TypeError(`Cannot replay as the summary must be a string: current value is ${show(text)}`);
  };
  try {
    return await withTimeout(task, { what: "summarize the conversation", timeoutMs: SUMMARY_MS, clock: host.clock });
  } catch (error) {
    host.report(error, "recovery.replay.summarize");
  }
}
