import { addBounded } from "../../_internal/add_bounded.ts";
import { at, isRecord, stringAt } from "../../_internal/wire.ts";
import { isLiveServerEvent, type LiveSessionConfig } from "../../protocol/mod.ts";
import { ProblemError } from "../_http/problem_error.ts";
import { OverrideRules } from "../_policy/override_rules.ts";
import { refusedSetting } from "../_relay/rules.ts";
import type { PageView } from "../_view/page_view.ts";
import type { RelayedClientEvent, RelayedServerEvent, RelayFilter, RelayRefusal } from "../relay_filter.ts";

/** Events that a page may send with any content. */
const FREE_EVENTS: ReadonlySet<string> = new Set([
  "session.close",
  "session.input_audio.append",
  "session.input_audio.mute",
  "session.input_audio.unmute",
]);

/** Number of delegations and calls remembered. */
const MAX_IDS = 1024;

/** Options of {@linkcode LiveRules}. */
export interface LiveRulesOptions {
  /** Derives the initial settings of the session from those requested by the page; throws a `ProblemError`. */
  readonly decide: (changes: unknown) => LiveSessionConfig;
  /** Settings that the page may change. */
  readonly clientMayOverride: readonly string[];
  /** Filters events for the page. */
  readonly view: PageView;
}

/** The default rules of a relay of the Live API. */
export class LiveRules implements RelayFilter {
  readonly #options: LiveRulesOptions;
  readonly #overrides: OverrideRules;
  /** Delegations and calls that the page has to answer. */
  readonly #delegations = new Set<string>();
  readonly #calls = new Set<string>();
  #state: "waiting" | "starting" | "started" = "waiting";
  #hasBackend = false;

  constructor(options: LiveRulesOptions) {
    this.#options = options;
    this.#overrides = new OverrideRules(options.clientMayOverride);
  }

  fromClient(event: RelayedClientEvent, issues: RelayedIssues): RelayedClientEvent | RelayRefusal {
    if (event.type === "session.start") return this.#start(event, issues);
    const [issue] = issues;
    if (issue) return { refused: `${issue.path} ${issue.message}`.trim(), param: issue.path };
    if (this.#state !== "started") return { refused: "Wait for session.started first", param: "type" };
    if (FREE_EVENTS.has(event.type)) return event;
    const refusal = this.#refusal(event);
    return refusal ?? event;
  }

  fromServer(event: RelayedServerEvent): RelayedServerEvent | undefined {
    if (isLiveServerEvent(event, "session.started")) this.#state = "started";
    const shown = this.#options.view(event as never) as RelayedServerEvent | undefined;
    if (!shown) return undefined;
    const isDelegation = shown.type === "session.delegation.created";
    // Without a target it is the client's, which is the default.
    if (isDelegation && (stringAt(shown, "delegation", "target") ?? "client") === "client") {
      addBounded(this.#delegations, stringAt(shown, "delegation", "id") ?? "", MAX_IDS);
    }
    const callId = stringAt(shown, "event", "item", "call_id");
    if (callId !== undefined) addBounded(this.#calls, callId, MAX_IDS);
    return shown;
  }

  /** The page starts the session decided by the server; it may omit the settings. */
  #start(event: RelayedClientEvent, issues: RelayedIssues): RelayedClientEvent | RelayRefusal {
    if (this.#state !== "waiting") return { refused: "The session has already been started", param: "type" };
    const issue = issues.find(({ path }) => path === "event_id");
    if (issue) return { refused: `${issue.path} ${issue.message}`, param: issue.path };
    try {
      const session = this.#options.decide(this.#changesIn(at(event, "session")));
      this.#state = "starting";
      this.#hasBackend = session.delegation?.type === "responses";
      const eventId = stringAt(event, "event_id");
      return { type: event.type, ...eventId !== undefined && { event_id: eventId }, session };
    } catch (error) {
      if (!(error instanceof ProblemError) || error.status >= 500) throw error;
      return { refused: error.message, param: error.param };
    }
  }

  /** Every client has to name a model; the server's model is used, unless the page may choose it. */
  #changesIn(session: unknown): unknown {
    if (!isRecord(session) || this.#overrides.allows(["model"])) return session;
    const { model: _, ...changes } = session;
    return changes;
  }

  #refusal(event: RelayedClientEvent): RelayRefusal | undefined {
    switch (event.type) {
      case "session.update": {
        const session = at(event, "session");
        return isRecord(session) ? refusedSetting(session, "session", this.#overrides) : notForPages("type");
      }
      case "session.commentary.append":
      case "session.thinking.append": {
        // The page must not speak for the server, but may answer delegations.
        const id = stringAt(event, "delegation_id");
        return id !== undefined && this.#delegations.has(id) ? undefined : notForPages("delegation_id");
      }
      case "response.item.create":
        return this.#refusedItem(at(event, "item"));
      case "response.create":
        return this.#hasBackend ? undefined : notForPages("type");
    }
    return notForPages("type");
  }

  /** A page speaks for its user and answers for its functions. */
  #refusedItem(item: unknown): RelayRefusal | undefined {
    if (!this.#hasBackend) return notForPages("type");
    const type = stringAt(item, "type");
    if (type === "message") return stringAt(item, "role") === "user" ? undefined : notForPages("item.role");
    const isAnswer = type === "function_call_output" && this.#calls.has(stringAt(item, "call_id") ?? "");
    return isAnswer ? undefined : notForPages(type === "function_call_output" ? "item.call_id" : "item.type");
  }
}

type RelayedIssues = Parameters<RelayFilter["fromClient"]>[1];

function notForPages(param: string): RelayRefusal {
  const refused = param === "type" ? "A page may not send events of this type" : `${param} is reserved for the server`;
  return { refused, param };
}
