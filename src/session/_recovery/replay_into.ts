// This module is browser compatible.
import { withTimeout } from "../../_internal/timeout.ts";
import { stringAt } from "../../_internal/wire.ts";
import type { ItemParam } from "../../protocol/mod.ts";
import type { ConversationView } from "../conversation.ts";
import type { ReplayOptions } from "../parts/recovery_options.ts";
import type { RecoveryLoss, RecoveryReport } from "../parts/recovery_events.ts";
import type { SessionHost } from "../session_part.ts";
import { loss, type LossLedger } from "./loss_ledger.ts";
import type { Opening } from "./opening.ts";
import { estimateTokens, planReplay, type ReplayedItem } from "./replay_plan.ts";

/** How long the application may take to sum up what is left out, in milliseconds. */
const SUMMARY_MS = 5000;

/** Gives a new connection the conversation and the audio that is no item yet; resolves with what came of it. */
export async function replayInto(
  opening: Opening,
  host: SessionHost,
  ledger: LossLedger,
  options: ReplayOptions,
): Promise<Omit<RecoveryReport, "gapMs">> {
  const { conversation } = host.session as { readonly conversation?: ConversationView };
  const entries = conversation?.getSnapshot() ?? [];
  const plan = planReplay(entries, options, ({ id, text }) => host.heardTextOf(id, text));
  const summary = plan.omitted.length > 0 ? await summarize(plan.omitted, host, options) : undefined;
  const added = (text: string | undefined): readonly ItemParam[] =>
    text ? [{ type: "message", role: "system", content: [{ type: "input_text", text }] }] : [];
  const items = [...added(summary), ...plan.items.map(({ item }) => item), ...added(options.anchor)];
  const refused = await opening.create(items);
  const { audio, lostMs } = ledger.takeInput(host.config, host.clock.now());
  for (const chunk of audio) {
    opening.transport.send({ type: "input_audio_buffer.append", audio: chunk }, { check: false });
  }
  const lost: RecoveryLoss[] = [...ledger.takeResponses(), ...ledger.audioLossOf(lostMs)];
  const add = (kind: "item" | "utterance", id: string, reason: string) =>
    lost.push(loss(kind, id, ledger.timeOf(id), reason));
  for (const { id } of plan.omitted) add("item", id, "it did not fit into maxTokens");
  for (const { id, item, role } of plan.wordless) {
    const isSpoken = role === "user" && stringAt(item, "type") === "message";
    add(isSpoken ? "utterance" : "item", id, isSpoken ? "it has no transcript" : "it cannot be replayed");
  }
  const restored: string[] = [];
  let replayedTokens = 0;
  for (const { id, item } of plan.items) {
    const error = refused.get(item);
    if (error) add("item", id, error.message);
    else {
      restored.push(id);
      replayedTokens += estimateTokens(item);
    }
  }
  return { restored, lost, replayedTokens };
}

async function summarize(
  omitted: readonly ReplayedItem[],
  host: SessionHost,
  { summarize }: ReplayOptions,
): Promise<string | undefined> {
  const task = async () => await summarize?.(omitted.map(({ item }) => item));
  try {
    return await withTimeout(task, { what: "sum up the conversation", timeoutMs: SUMMARY_MS, clock: host.clock });
  } catch (error) {
    host.report(error, "recovery.replay.summarize");
  }
}
