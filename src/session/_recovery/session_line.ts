// This module is browser compatible.
import { callListener } from "../../_internal/call_listener.ts";
import type { Recoverable } from "../../_recovery/recoverable.ts";
import type { RecoveryPartOptions } from "../../_recovery/recovery_options.ts";
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
  options: RecoveryPartOptions,
  missed?: CatchUp,
): Recoverable<ClientEvent, IncomingEvent> {
  return {
    // A call ends with its session: another connection to it does not prolong that.
    get isRenewable() {
      return host.generations.startsAnew;
    },
    expiresAt: () => host.config?.expires_at,
    isQuiet: () => host.transcripts.missing.length === 0 && ledger.isQuiet(host.config, host.clock.now()),
    probe: (timeoutMs) => host.update({}, { timeoutMs }),
    onSuspend: () => {
      ledger.untranscribed = host.transcripts.missing;
      missed?.suspend();
    },
    catchUp: () => missed?.run(),
    // Whoever has opened a call has configured it.
    prepare: async (opening) => {
      if (host.generations.startsAnew) await opening.configure(host.accepted.value);
    },
    restore: async (opening) =>
      host.generations.startsAnew
        ? await replayInto(opening, host, ledger, options.replay ?? {})
        : { restored: [], lost: ledger.takeResponses(), replayedTokens: 0 },
    onOpen: (transport) =>
      callListener(() => options.onOpen?.(transport), (error) => host.report(error, "recovery.onOpen")),
    audioLoss: (characters) => ledger.audioLoss(characters, host.config),
  };
}
