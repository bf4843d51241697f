// This module is browser compatible.
import { stringAt } from "../../_internal/wire.ts";
import { ConversationStore } from "../_conversation/conversation_store.ts";
import type { ConversationView } from "../conversation.ts";
import type { ContextTruncatedEvent } from "../session_events.ts";
import type { SessionPart } from "../session_part.ts";

/**
 * The member that the conversation adds to a session.
 *
 * @category Parts
 */
export interface ConversationApi {
  /** The items of the conversation, live. */
  readonly conversation: ConversationView;
}

/**
 * The live view of the conversation.
 *
 * @category Parts
 */
export function conversationPart(): SessionPart<ConversationApi> {
  return {
    name: "conversation",
    install: (host) => {
      const store = new ConversationStore((error) => host.report(error, "conversation"));
      host.onHeard((itemId, heardOf) => store.cut(itemId, heardOf));
      let loss: ContextTruncatedEvent | undefined;
      /** Open items have ended with the old connection; but a call continues without this client. */
      const endOpen = () => host.generations.startsAnew && store.endOpen();
      return {
        before: {
          "*": (event) => {
            if (loss) store.loseContext(event, loss);
            loss = undefined;
            // A renewal: items of the new connection follow.
            if (event.type === "session.created") endOpen();
            store.receive(event);
          },
        },
        on: {
          "response.created": ({ response }) => {
            const id = stringAt(response, "id");
            if (id && host.responses.originOf(id)?.inConversation === false) store.exclude(id);
          },
        },
        onSent: (event) => store.send(event),
        // It is derived from the event that is processed here next.
        onLocal: (event) => {
          if (event.type === "context_truncated") loss = event;
          if (event.type === "recovered" || event.type === "renewed") store.forget(event.lost.map(({ id }) => id));
          if (event.type === "reconnecting") endOpen();
        },
        api: { conversation: store },
      };
    },
  };
}
