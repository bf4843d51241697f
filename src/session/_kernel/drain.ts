// This module is browser compatible.
import { msToEndTurn } from "../../_internal/ms_to_end_turn.ts";
import { stringAt } from "../../_internal/wire.ts";
import { withTimeout } from "../../_internal/timeout.ts";
import type { AudioEncoding } from "../../audio/duration.ts";
import { SILENT_CODES } from "../../audio/silence.ts";
import { bytesPerMs } from "../_parts/audio_length.ts";
import { checkTiming, type DrainOptions, type DrainResult } from "../command_options.ts";
import type { Kernel } from "./kernel.ts";

/** Time that the server has to detect speech in received audio, in milliseconds. */
const NOTICE_MS = 1000;

/** Silence in addition to the silence that ends a turn, so that the end is certain, in milliseconds. */
const SILENCE_MARGIN_MS = 100;

/** Ends the open turn, and waits for everything that results from it, and for all transcripts. */
export async function drain(kernel: Kernel, options: DrainOptions = {}): Promise<DrainResult> {
  checkTiming("drain the session", options);
  const { timeoutMs = 10_000, signal } = options;
  const { clock, transcripts } = kernel;
  const task = async () => {
    await endTurn(kernel);
    await kernel.idle();
    while (transcripts.missing.length > 0 && !kernel.hasEnded) await kernel.changed;
  };
  try {
    await withTimeout(task, { what: "drain the session", signal, timeoutMs, clock });
  } catch (error) {
    // A timeout is reported in the result; an abort by the caller is not.
    if (signal?.aborted) throw error;
  }
  return { missing: transcripts.missing };
}

async function endTurn(kernel: Kernel): Promise<void> {
  const { clock, connection, session } = kernel;
  const { input, turnDetection } = connection;
  if (kernel.hasEnded || input.ms === 0) return;
  // Audio that is too short is not sent; a refusal of the server has been published as an event.
  if (turnDetection === null) return void await session.commitAudio().catch(() => {});
  if (stringAt(turnDetection, "type") === undefined) return;
  const pauseMs = msToEndTurn(turnDetection) + SILENCE_MARGIN_MS;
  const format = stringAt(kernel.config, "audio", "input", "format", "type") as AudioEncoding | undefined;
  const bytes = new Uint8Array(pauseMs * bytesPerMs(kernel.config, "input"));
  const noticed = connection.nextTurnEvent();
  session.appendAudio(bytes.fill(SILENT_CODES[format ?? "audio/pcm"]));
  await withTimeout(() => noticed, { what: "notice speech", timeoutMs: NOTICE_MS, clock }).catch(() => {});
}
