// This module is browser compatible.
import { stringAt, type WireEvent } from "../../_internal/wire.ts";
import { TruncationDetector } from "../_parts/truncation_detector.ts";
import type { SessionPart } from "../session_part.ts";

/**
 * Detects that the model no longer reads the whole conversation, and publishes a `context_truncated` event.
 *
 * @category Parts
 */
export function truncationPart(): SessionPart {
  return {
    name: "truncation",
    install: (host) => {
      const detector = new TruncationDetector();
      const receive = (event: WireEvent) => {
        const config = host.responses.originOf(stringAt(event.response, "id"))?.config;
        const truncation = detector.receive(event, config);
        if (truncation) host.emit(truncation);
      };
      return {
        before: {
          "session.created": receive,
          "session.updated": receive,
          "conversation.item.deleted": receive,
          "conversation.item.truncated": receive,
          "response.created": receive,
          "response.done": receive,
        },
      };
    },
  };
}
