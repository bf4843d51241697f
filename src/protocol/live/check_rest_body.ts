// This module is browser compatible.
import type * as v from "valibot";
import { issuesOf } from "../_schemas/issues.ts";
import type { FieldIssue } from "../field_issue.ts";
import {
  LiveCallAcceptRequestSchema,
  LiveCallReferRequestSchema,
  LiveCallRejectRequestSchema,
  LiveSessionCreateRequestSchema,
  LiveSessionCreateResponseSchema,
  LiveSessionForkRequestSchema,
} from "./_schemas/rest.ts";

/**
 * Bodies of the REST calls of the Live API: those that are sent, and the answer to a creation.
 *
 * @category Live
 */
export type LiveRestBody = "create" | "fork" | "accept" | "reject" | "refer" | "created";

const SCHEMAS: Readonly<Record<LiveRestBody, v.GenericSchema>> = {
  create: LiveSessionCreateRequestSchema,
  fork: LiveSessionForkRequestSchema,
  accept: LiveCallAcceptRequestSchema,
  reject: LiveCallRejectRequestSchema,
  refer: LiveCallReferRequestSchema,
  created: LiveSessionCreateResponseSchema,
};

/**
 * Lists everything that is wrong with a body of the Live API's REST calls; empty: nothing.
 *
 * @category Live
 *
 * @example The status of a rejected call
 * ```ts
 * import { checkLiveRestBody } from "@oai-rt/edge/protocol";
 * import { assertEquals } from "@std/assert";
 *
 * const [issue] = checkLiveRestBody("reject", { status_code: 200 });
 * assertEquals(issue?.message, "must be a whole number from 300 to 699: current value is 200");
 * ```
 */
export function checkLiveRestBody(name: LiveRestBody, body: unknown): readonly FieldIssue[] {
  return issuesOf(SCHEMAS[name], body);
}
