// This module is browser compatible.
import { isRealtimeModel } from "./_session/models.ts";
import { Refusal } from "./_session/refusal.ts";

/** Close codes of refused connections: who is calling, and what for. */
const AUTHENTICATION = 3000;
const SHAPE = 4000;

/** Subprotocol that carries a key where headers cannot be set. */
const KEY_PROTOCOL = "openai-insecure-api-key.";

/** A connection that somebody asks for. */
export interface ConnectionRequest {
  /** Address that was asked for. */
  readonly url: URL;
  /** Headers of the handshake. */
  readonly headers: Headers;
  /** Subprotocols that the client offers. */
  readonly protocols: readonly string[];
}

/** Whom and what the simulator lets in. */
export interface AdmissionPolicy {
  /** Whether an API key is let in. */
  readonly acceptsApiKey: (apiKey: string) => boolean;
  /** Whether a model exists. */
  readonly acceptsModel: (model: string) => boolean;
}

/** A connection that is let in: its session's model. */
export interface Admission {
  /** Model that answers. */
  readonly model: string;
}

/** A connection that is refused once it is open: with an error, then with a close frame. */
export class AdmissionRefusal extends Refusal {
  /** Close code. */
  readonly closeCode: number;

  constructor(closeCode: number, code: string | null, message: string) {
    super(message, { code });
    this.name = "AdmissionRefusal";
    this.closeCode = closeCode;
  }

  /** Reason of the close frame, as the real server gives it. */
  get closeReason(): string {
    return this.code === null ? this.type : `${this.type}.${this.code}`;
  }
}

/** The key is not one of the simulator's to refuse: any will do, but those that say they are invalid. */
export function acceptsApiKeyByDefault(apiKey: string): boolean {
  return !apiKey.startsWith("sk-invalid");
}

/** The models that are let in: everything named like a realtime model. */
export const acceptsModelByDefault: (model: string) => boolean = isRealtimeModel;

/**
 * Decides about a connection.
 *
 * @throws {AdmissionRefusal} when it is refused.
 */
export function admit(request: ConnectionRequest, policy: AdmissionPolicy): Admission {
  const apiKey = apiKeyOf(request);
  if (!apiKey) {
    throw new AdmissionRefusal(AUTHENTICATION, null, "Missing bearer or basic authentication in header");
  }
  if (!policy.acceptsApiKey(apiKey)) {
    throw new AdmissionRefusal(
      AUTHENTICATION,
      "invalid_api_key",
      `Incorrect API key provided: ${masked(apiKey)}. ` +
        "You can find your API key at https://platform.openai.com/account/api-keys.",
    );
  }
  if (request.headers.get("openai-beta")?.includes("realtime=v1")) {
    throw new AdmissionRefusal(
      SHAPE,
      "beta_api_shape_disabled",
      "The Realtime Beta API is no longer supported. Please use the GA API: leave out the OpenAI-Beta header.",
    );
  }
  const model = request.url.searchParams.get("model");
  if (!model) {
    throw new AdmissionRefusal(
      SHAPE,
      "missing_model",
      "You must provide a model parameter, for example wss://api.openai.com/v1/realtime?model=gpt-realtime-2.1",
    );
  }
  if (!policy.acceptsModel(model)) {
    throw new AdmissionRefusal(SHAPE, "invalid_model", `Model "${model}" is not supported in realtime mode.`);
  }
  return { model };
}

/** Whether an address is that of sessions: below whatever base URL. */
export function isSessionAddress({ pathname }: URL): boolean {
  return /\/v1\/realtime\/?$/.test(pathname);
}

/** The protocol that answers those a client offers: `realtime`, if it is among them. */
export function protocolFor(protocols: readonly string[]): string | undefined {
  return protocols.includes("realtime") ? "realtime" : undefined;
}

function apiKeyOf({ headers, protocols }: ConnectionRequest): string | undefined {
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
  return bearer ?? protocols.find((protocol) => protocol.startsWith(KEY_PROTOCOL))?.slice(KEY_PROTOCOL.length);
}

/** The ends of a key, as the real server shows a key that it refuses; nothing of a short one. */
function masked(apiKey: string): string {
  return apiKey.length < 20 ? "***" : `${apiKey.slice(0, 8)}***${apiKey.slice(-4)}`;
}
