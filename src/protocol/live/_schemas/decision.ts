// This module is browser compatible.
import { isRecord } from "../../../_internal/wire.ts";
import { lazy } from "../../_schemas/lazy.ts";
import { array, looseObject, picklist, strictObject, string, unknown } from "../../_schemas/shape.ts";
import { demand } from "./demand.ts";
import type * as v from "valibot";
import type { LiveDecisionItem } from "../decisions/decision_item.ts";
import type { LiveDecisionQuestion } from "../decisions/decision_question.ts";

// Decisions are passed through: only the frame of the classifier's input and answers is checked.

const EVENT_TYPES = ["session.input_transcript.delta", "session.output_transcript.delta"] as const;

export const LiveDecisionQuestionSchema = /* @__PURE__ */ lazy(() =>
  looseObject({ type: string, instructions: unknown }) as unknown as v.GenericSchema<LiveDecisionQuestion>
);

export const LiveDecisionTriggersSchema = /* @__PURE__ */ lazy(() =>
  demand(
    array(strictObject({
      type: picklist("decisions"),
      event_type: picklist(...EVENT_TYPES),
      decisions: strictObject({ questions: array(LiveDecisionQuestionSchema) }),
    })),
    "a list of at most one trigger for each event_type",
    (triggers) => new Set(triggers.map(({ event_type }) => event_type)).size === triggers.length,
  )
);

export const LiveDecisionItemSchema = /* @__PURE__ */ lazy(() =>
  demand(
    unknown as v.GenericSchema<LiveDecisionItem>,
    "an object with a role or a call_id",
    (item) => isRecord(item) && ("role" in item || "call_id" in item),
  )
);
