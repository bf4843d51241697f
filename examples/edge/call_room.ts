import { connect, ConnectionError, type Session } from "@oai-rt/edge";
import { RealtimeApiError, RealtimeRest } from "@oai-rt/edge/rest";
import { tools } from "./tools.ts";

/** How long a call may last unless `MAX_CALL_SECONDS` says otherwise, in seconds: as long as a session. */
const DEFAULT_MAX_CALL_SECONDS = 3_600;

/** How often a room sees to it that it is attached unless `HEARTBEAT_SECONDS` says otherwise: after a restart it is not. */
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
  /** How long a call may last, in seconds. */
  readonly MAX_CALL_SECONDS?: string;
  /** How long a call may be without its room after a restart, in seconds. */
  readonly HEARTBEAT_SECONDS?: string;
}

/** What a Durable Object has of its own, as far as it is used. */
interface CallState {
  readonly storage: {
    get<Value>(key: string): Promise<Value | undefined>;
    put(key: string, value: unknown): Promise<void>;
    deleteAll(): Promise<void>;
    deleteAlarm(): Promise<void>;
    setAlarm(unixMs: number): Promise<void>;
  };
}

/** What a room remembers of its call. */
interface StoredCall {
  readonly callId: string;
  readonly endsAt: number;
}

/** Has the room of a call opened. Rejects when it cannot be attached. */
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

  /** Opens the room of the call whose id is the body. */
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

  /** Called by the runtime. What it throws makes it be called again. */
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

  /** A call that is no more has ended, and its room with it. */
  async #forgetIfGone(error: unknown): Promise<void> {
    if (!(error instanceof ConnectionError && error.status === 404)) throw error;
    await this.#forget();
  }

  async #forget(): Promise<void> {
    await this.#storage.deleteAlarm();
    await this.#storage.deleteAll();
  }
}
