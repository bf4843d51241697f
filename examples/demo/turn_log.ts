import type { VoiceEvent } from "@oai-rt/edge";
import type { Usage } from "@oai-rt/edge/protocol";

/** Times of the steps of one turn, in milliseconds of the demo's clock. */
export interface Turn {
  readonly name: string;
  speechEndedAt?: number;
  heardAt?: number;
  createdAt?: number;
  firstAudioAt?: number;
  doneAt?: number;
}

/** Logs the times of each turn, and its cost. */
export class TurnLog {
  readonly turns: Turn[] = [];
  readonly usage: Usage[] = [];

  /** Begins a turn. */
  begin(name: string): Turn {
    const turn: Turn = { name };
    this.turns.push(turn);
    return turn;
  }

  /** Processes an event. */
  receive(event: VoiceEvent, now: number): void {
    if ((event.type === "response_done" || event.type === "response_cancelled") && event.usage) {
      this.usage.push(event.usage);
    }
    const turn = this.turns.at(-1);
    if (!turn) return;
    if (event.type === "speech_stopped") turn.heardAt ??= now;
    // Late audio of the previous answer does not belong to this turn.
    if (turn.heardAt === undefined) return;
    if (event.type === "response_created") turn.createdAt ??= now;
    if (event.type === "audio_delta") turn.firstAudioAt ??= now;
    if (event.type === "response_done") turn.doneAt = now;
  }
}

/** The table of latencies: each step in milliseconds after the end of speech. */
export function latencyTable(turns: readonly Turn[]): string[] {
  const rows = turns.map((turn) => {
    const since = (at: number | undefined) =>
      at === undefined || turn.speechEndedAt === undefined ? "-" : `${Math.round(at - turn.speechEndedAt)}`;
    return [turn.name, since(turn.heardAt), since(turn.createdAt), since(turn.firstAudioAt), since(turn.doneAt)];
  });
  return table([["ms after speech end", "end noticed", "response created", "first audio", "done"], ...rows]);
}

/** The table of tokens. */
export function usageTable(usage: readonly Usage[]): string[] {
  const sum = (pick: (usage: Usage) => number | null | undefined) =>
    `${usage.reduce((total, each) => total + (pick(each) ?? 0), 0)}`;
  return table([
    ["tokens", "text", "audio", "cached", "total"],
    [
      "in",
      sum((each) => each.input_token_details?.text_tokens),
      sum((each) => each.input_token_details?.audio_tokens),
      sum((each) => each.input_token_details?.cached_tokens),
      sum((each) => each.input_tokens),
    ],
    [
      "out",
      sum((each) => each.output_token_details?.text_tokens),
      sum((each) => each.output_token_details?.audio_tokens),
      "-",
      sum((each) => each.output_tokens),
    ],
  ]);
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, column) => column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)).join("  ")
  );
}
