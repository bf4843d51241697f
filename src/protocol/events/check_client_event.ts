// This module is browser compatible.
import { variant } from "../_schemas/variants.ts";
import { ClientEventSchemas } from "../_schemas/client_event.ts";
import { issuesOf } from "../_schemas/issues.ts";
import type { FieldIssue } from "../field_issue.ts";

const ClientEventSchema = /* @__PURE__ */ variant(ClientEventSchemas);

/**
 * Checks a client event and lists its issues in the order of its fields; the list is empty when there are none.
 * `undefined` counts as absent. The rules are those for which rejections by the API are recorded or published; rules
 * that depend on the model are documented at the fields and left to the server.
 *
 * @category Checks
 *
 * @category Checks
 *
 * @example Find the field at fault
 * ```ts
 * import { checkClientEvent } from "@oai-rt/edge/protocol";
 * import { assertEquals } from "@std/assert";
 *
 * const [issue] = checkClientEvent({
 *   type: "session.update",
 *   session: { type: "realtime", audio: { input: { format: { type: "audio/pcm", rate: 16_000 } } } },
 * });
 * assertEquals(issue?.path, "session.audio.input.format.rate");
 * assertEquals(issue?.message, "must be 24000: current value is 16000");
 * ```
 */
export function checkClientEvent(event: unknown): readonly FieldIssue[] {
  return issuesOf(ClientEventSchema, event);
}
