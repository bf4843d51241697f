// This module is browser compatible.
import type { LiveSessionConfig, LiveSessionResource } from "../../../protocol/mod.ts";
import type { SipCallOptions } from "../../sip_call.ts";
import { ServerError } from "../../_errors/server_error.ts";
import { isAzure } from "../../_server/api_path.ts";
import { LiveInvitation } from "./live_invitation.ts";
import type { LiveHost } from "./live_host.ts";
import { type LiveTransportKind, RunningLiveSession } from "./live_session.ts";
import type { LiveCallOutcome } from "../../live/live_call.ts";

/** A stored session that has ended. */
interface StoredSession {
  readonly session: LiveSessionResource;
  readonly recording: Uint8Array<ArrayBuffer>;
}

/** Origin of a session. */
interface LiveOrigin {
  /** Requested address. */
  readonly url: URL;
  /** The session that it continues. */
  readonly source?: LiveSessionResource;
  /** Identifier, if there already is one. */
  readonly id?: string;
}

/** The Live sessions of a simulator: open ones, stored ones, and ringing calls. */
export class LiveService {
  readonly #host: LiveHost;
  readonly #open = new Map<string, RunningLiveSession>();
  readonly #stored = new Map<string, StoredSession>();
  readonly #ringing = new Map<string, LiveInvitation>();

  constructor(host: LiveHost) {
    this.#host = host;
  }

  /** The open sessions, oldest first. */
  get sessions(): readonly RunningLiveSession[] {
    return [...this.#open.values()];
  }

  /** Creates a session that was requested at `url`. */
  open(kind: LiveTransportKind, { id, source, url }: LiveOrigin): RunningLiveSession {
    // A deployment may have any name.
    const host = isAzure(url) ? { ...this.#host, acceptsModel: () => true } : this.#host;
    const session = new RunningLiveSession(host, kind, source, id);
    this.#open.set(session.id, session);
    session.closed.then(() => {
      // After an accept that failed, another one may have given the call a session.
      if (this.#open.get(session.id) === session) this.#open.delete(session.id);
      const { recording } = session;
      if (session.session && recording) this.#stored.set(session.id, { session: session.session, recording });
    });
    return session;
  }

  /**
   * Finds a session that has started, or is about to, and has not ended.
   *
   * @throws {ServerError} when there is none.
   */
  find(id: string): RunningLiveSession {
    const session = this.#open.get(id);
    if (session && !session.isWaiting && !session.isOver) return session;
    throw notFound(id);
  }

  /**
   * Finds a stored session that has ended.
   *
   * @throws {ServerError} when there is none, or it has not ended.
   */
  findStored(id: string): StoredSession {
    const stored = this.#stored.get(id);
    if (stored) return stored;
    if (!this.#open.has(id)) throw notFound(id);
    throw new ServerError(`The session '${id}' is not over.`, { status: 409, code: "session_not_finalized" });
  }

  /** Rings a telephone until it is answered, or the caller gives up. */
  async ring(options: SipCallOptions): Promise<LiveCallOutcome> {
    const id = this.#host.ids("live_u7");
    const invitation = new LiveInvitation(id, this.#host);
    this.#ringing.set(id, invitation);
    try {
      return await invitation.send(options);
    } finally {
      this.#ringing.delete(id);
    }
  }

  /**
   * Accepts a ringing call with a session, as requested at `url`.
   *
   * @throws {ServerError} when there is none, it was already answered, or the server would reject the settings.
   */
  accept(id: string, config: LiveSessionConfig, url: URL): void {
    const invitation = this.#findRinging(id);
    const session = this.open("sip", { url, id });
    try {
      session.start(config);
    } catch (error) {
      session.close();
      throw error;
    }
    invitation.settle({ status: "accepted", session });
    this.#ringing.delete(id);
  }

  /**
   * Rejects a ringing call.
   *
   * @throws {ServerError} when there is none, or it was already answered.
   */
  reject(id: string, statusCode: number): void {
    this.#findRinging(id).settle({ status: "rejected", sessionId: id, statusCode });
    this.#ringing.delete(id);
  }

  /** Ends everything. */
  async close(): Promise<void> {
    for (const invitation of this.#ringing.values()) invitation.giveUp();
    const { sessions } = this;
    for (const session of sessions) session.close(1001, "The simulator is shutting down.");
    await Promise.all(sessions.map(({ closed }) => closed));
  }

  #findRinging(id: string): LiveInvitation {
    const invitation = this.#ringing.get(id);
    if (invitation) return invitation;
    this.find(id);
    throw new ServerError("The call has been answered already.", { status: 409, code: "call_already_answered" });
  }
}

function notFound(id: string): ServerError {
  return new ServerError(`No live session found with id '${id}'.`, { status: 404, code: "session_not_found" });
}
