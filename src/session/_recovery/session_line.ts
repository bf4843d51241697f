// This module is browser compatible.
import type { Recoverable } from "../../_recovery/recoverable.ts";
import type { ReplayOptions } from "../../_recovery/recovery_options.ts";
import type { ClientEvent } from "../../protocol/mod.ts";
import type { IncomingEvent } from "../../transport/transport.ts";
import type { SessionHost } from "../session_part.ts";
import type { CatchUp } from "./catch_up.ts";
import type { LossLedger } from "./loss_ledger.ts";
import { replayInto } from "./replay_into.ts";

/** A Realtime session, conversation or transcription, as its recovery sees it. */
export function sessionLine(
  host: SessionHost,
  ledger: LossLedger,
  options: ReplayOptions = {},
  missed?: CatchUp,
): Recoverable<ClientEvent, IncomingEvent> {
  return {
    // A call ends with its session: another connection to it does not prolong that.
    isRenewable: !host.isShared,
    expiresAt: () => host.config?.expires_at,
    isQuiet: () => host.transcripts.missing.length === 0 && ledger.isQuiet(host.config, host.clock.now()),
    probe: (timeoutMs) => host.update({}, { timeoutMs }),
    onSuspend: () => {
      ledger.untranscribed = host.transcripts.missing;
      missed?.suspend();
    },
    catchUp: () => missed?.run(),
    // Whoever has opened a call has configured it.
    prepare: async (opening) => void (host.isShared || await opening.configure(host.accepted.value)),
    restore: (opening) => replayInto(opening, host, ledger, options),
    audioLoss: (characters) => ledger.audioLoss(characters, host.config),
  };
}
