import type * as v from "valibot";
import type {
  LiveForkClientEventSchemas,
  LivePrimaryClientEventSchemas,
  LiveSidebandClientEventSchemas,
} from "../../../src/protocol/live/_schemas/client_event.ts";
import type {
  LiveDecisionItemSchema,
  LiveDecisionQuestionSchema,
} from "../../../src/protocol/live/_schemas/decision.ts";
import type {
  LiveCallAcceptRequestSchema,
  LiveCallReferRequestSchema,
  LiveCallRejectRequestSchema,
  LiveSessionCreateRequestSchema,
  LiveSessionCreateResponseSchema,
  LiveSessionForkRequestSchema,
} from "../../../src/protocol/live/_schemas/rest.ts";
import type { LiveWebhookEventSchemas } from "../../../src/protocol/live/_schemas/webhook.ts";
import type * as protocol from "../../../src/protocol/mod.ts";
import type { Identical, OutputOf, Plain } from "../types/_same_type.ts";

/** Compiles with `true` when the types are exactly the same, else with `false`. */
function compare<A, B>(_same: Identical<Plain<A>, Plain<B>>): void {}

Deno.test("schemas and interfaces of the Live API are identical types", () => {
  compare<OutputOf<typeof LivePrimaryClientEventSchemas>, protocol.LiveClientEventMap>(true);
  compare<OutputOf<typeof LiveSidebandClientEventSchemas>, protocol.LiveSidebandClientEventMap>(true);
  compare<OutputOf<typeof LiveForkClientEventSchemas>, protocol.LiveForkClientEventMap>(true);
  compare<v.InferOutput<typeof LiveDecisionQuestionSchema>, protocol.LiveDecisionQuestion>(true);
  compare<v.InferOutput<typeof LiveDecisionItemSchema>, protocol.LiveDecisionItem>(true);
  compare<OutputOf<typeof LiveWebhookEventSchemas>["live.transport.incoming"], protocol.LiveTransportIncomingEvent>(
    true,
  );
  compare<OutputOf<typeof LiveWebhookEventSchemas>["live.call.incoming"], protocol.LiveCallIncomingEvent>(true);
  compare<OutputOf<typeof LiveWebhookEventSchemas>["live.transport.connected"], protocol.LiveTransportConnectedEvent>(
    true,
  );
  compare<v.InferOutput<typeof LiveSessionCreateRequestSchema>, protocol.LiveSessionCreateRequest>(true);
  compare<v.InferOutput<typeof LiveSessionForkRequestSchema>, protocol.LiveSessionForkRequest>(true);
  compare<v.InferOutput<typeof LiveCallAcceptRequestSchema>, protocol.LiveCallAcceptRequest>(true);
  compare<v.InferOutput<typeof LiveCallRejectRequestSchema>, protocol.LiveCallRejectRequest>(true);
  compare<v.InferOutput<typeof LiveCallReferRequestSchema>, protocol.LiveCallReferRequest>(true);
  compare<v.InferOutput<typeof LiveSessionCreateResponseSchema>, protocol.LiveSessionCreateResponse>(true);
});
