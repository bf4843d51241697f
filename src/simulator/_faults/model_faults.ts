// This module is browser compatible.
import { serverError, type ServerErrorName, type ServerErrorValues } from "../_errors/server_error.ts";
import type { PlannedOutcome } from "../model/reply_plan.ts";
import type { ModelFault, RateLimitFault, TranscriptionStopsFault } from "../model_faults.ts";
import { RATE_LIMITED_TOKENS, TOKENS_PER_MINUTE } from "../_session/output/rate_limits.ts";

/** Seconds after which to try again, as reported. */
const RETRY_AFTER_SECONDS = 7.853;

/** A fault with its remaining count. */
interface Waiting<Fault extends ModelFault> {
  readonly fault: Fault;
  skip: number;
  times: number;
}

type FaultOf<Type extends ModelFault["type"]> = Extract<ModelFault, { readonly type: Type }>;

/** The faults of a session's model. */
export class ModelFaults {
  readonly #onStrike: (fault: ModelFault) => void;
  #waiting: Waiting<ModelFault>[] = [];

  /** @param onStrike called when a fault occurs. */
  constructor(onStrike: (fault: ModelFault) => void) {
    this.#onStrike = onStrike;
  }

  /** Sets a fault, which has been checked. */
  add(fault: ModelFault): void {
    this.#waiting.push({ fault, skip: fault.skip ?? 0, times: fault.times ?? 1 });
  }

  /** The outcome of the next response; `undefined` when no fault applies. */
  nextOutcome(model: string | undefined): PlannedOutcome | undefined {
    const fault = this.#next("rate_limit", "no_credit");
    if (!fault) return undefined;
    return fault.type === "no_credit" ? noCredit() : rateLimited(fault, model);
  }

  /** Whether the account has no credit for the next session. */
  lacksCredit(): boolean {
    return this.#next("no_credit") !== undefined;
  }

  /** Returns the fault of the next transcription; `undefined` when none applies. */
  nextTranscription(): TranscriptionStopsFault | undefined {
    return this.#next("transcription_stops");
  }

  #next<Type extends ModelFault["type"]>(...types: readonly Type[]): FaultOf<Type> | undefined {
    const isOf = (each: Waiting<ModelFault>) => types.some((type) => type === each.fault.type);
    const striking = this.#waiting.find((each) => isOf(each) && each.skip-- <= 0);
    if (!striking) return undefined;
    if (--striking.times <= 0) this.#waiting = this.#waiting.filter((each) => each !== striking);
    this.#onStrike(striking.fault);
    return striking.fault as FaultOf<Type>;
  }
}

function rateLimited(
  { refuses, retryAfterSeconds = RETRY_AFTER_SECONDS }: RateLimitFault,
  model?: string,
): PlannedOutcome {
  const over = Math.round(retryAfterSeconds / 60 * TOKENS_PER_MINUTE);
  const used = TOKENS_PER_MINUTE - RATE_LIMITED_TOKENS;
  const error = failureOf("response_rate_limited", {
    model: model ?? "the model",
    organization: "org-simulator",
    limit: TOKENS_PER_MINUTE,
    used,
    requested: RATE_LIMITED_TOKENS + over,
    retryAfter: retryAfterSeconds,
  });
  return { status: refuses ? "refused" : "failed", ...error };
}

function noCredit(): PlannedOutcome {
  return { status: "failed", ...failureOf("response_no_credit"), closes: true };
}

/** The error of a failed response, with the message of a row. */
function failureOf(name: ServerErrorName, values?: ServerErrorValues) {
  const { code, message, type } = serverError(name, values);
  return { type, code: code ?? type, message };
}
