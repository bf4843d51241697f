import { connect, ConnectionError, type Session } from "@oai-rt/edge";
import { RealtimeApiError, RealtimeRest } from "@oai-rt/edge/rest";
import { tools } from "./tools.ts";

/** Default maximum duration of a call (`MAX_CALL_SECONDS`), in seconds: that of a session. */
const DEFAULT_MAX_CALL_SECONDS = 3_600;

/** Default interval at which a room ensures that it is attached (`HEARTBEAT_SECONDS`), as it is not after a restart. */
const DEFAULT_HEARTBEAT_SECONDS = 20;

/** The environment of the Worker, as far as calls need it. */
export interface CallBindings {
  /** The rooms, each with the id of its call for a name. */
  readonly CALLS: {
    idFromName(name: string): unknown;
    get(id: unknown): { fetch(url: string, init?: RequestInit): Promise<Response> };
  };
  /** API key. */
  readonly OPENAI_API_KEY: string;
  /** Base URL of the API. */
  readonly OPENAI_BASE_URL?: string;
  /** Maximum duration of a call, in seconds. */
  readonly MAX_CALL_SECONDS?: string;
  /** Time that a call may be without its room after a restart, in seconds. */
  readonly HEARTBEAT_SECONDS?: string;
}

/** The members of a Durable Object's state that are used. */
interface CallState {
  readonly storage: {
    get<Value>(key: string): Promise<Value | undefined>;
    put(key: string, value: unknown): Promise<void>;
    deleteAll(): Promise<void>;
    deleteAlarm(): Promise<void>;
    setAlarm(unixMs: number): Promise<void>;
  };
}

/** The stored data of a call. */
interface StoredCall {
  readonly callId: string;
  readonly endsAt: number;
}

/** Opens the room of a call. Rejects when it cannot be attached. */
export async function openCallRoom(callId: string, { CALLS }: CallBindings): Promise<void> {
  const room = CALLS.get(CALLS.idFromName(callId));
  const response = await room.fetch("https://room/", { method: "POST", body: callId });
  if (!response.ok) throw new Error(`Cannot open the room of ${callId}: ${await response.text()}`);
}

/**
 * Keeps control of one call in a Durable Object: there is one in the world, and it outlives requests, isolates and
 * deployments. Its sideband runs the tools; its alarm attaches it again when it was restarted, and ends the call when
 * that has lasted long enough.
 */
export class CallRoom {
  readonly #storage: CallState["storage"];
  readonly #env: CallBindings;
  #session: Session | undefined;

  constructor({ storage }: CallState, env: CallBindings) {
    this.#storage = storage;
    this.#env = env;
  }

  /** Opens the room of the call with the id in the body. */
  async fetch(request: Request): Promise<Response> {
    const callId = await request.text();
    const endsAt = Date.now() + Number(this.#env.MAX_CALL_SECONDS ?? DEFAULT_MAX_CALL_SECONDS) * 1000;
    try {
      await this.#attach({ callId, endsAt });
      await this.#storage.put("call", { callId, endsAt });
      return new Response(null, { status: 204 });
    } catch (error) {
      return new Response(`${error}`, { status: 502 });
    }
  }

  /** Called by the runtime, which repeats it after an exception. */
  async alarm(): Promise<void> {
    const call = await this.#storage.get<StoredCall>("call");
    if (!call) return;
    if (Date.now() >= call.endsAt) return await this.#hangUp(call);
    await this.#attach(call).catch((error) => this.#forgetIfGone(error));
  }

  async #attach(call: StoredCall): Promise<void> {
    const heartbeatMs = Number(this.#env.HEARTBEAT_SECONDS ?? DEFAULT_HEARTBEAT_SECONDS) * 1000;
    await this.#storage.setAlarm(Math.min(Date.now() + heartbeatMs, call.endsAt));
    if (this.#session) return;
    const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl } = this.#env;
    const session = await connect({ apiKey, baseUrl, callId: call.callId, tools });
    this.#session = session;
    session.closed.then(() => {
      if (this.#session === session) this.#session = undefined;
    });
  }

  async #hangUp({ callId }: StoredCall): Promise<void> {
    const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl } = this.#env;
    await new RealtimeRest({ apiKey, baseUrl }).hangUpCall(callId).catch((error) => {
      if (!(error instanceof RealtimeApiError && error.status === 404)) throw error;
    });
    await this.#forget();
  }

  /** When the call has ended, so has its room. */
  async #forgetIfGone(error: unknown): Promise<void> {
    if (!(error instanceof ConnectionError && error.status === 404)) throw error;
    await this.#forget();
  }

  async #forget(): Promise<void> {
    await this.#storage.deleteAlarm();
    await this.#storage.deleteAll();
  }
}
