import { connect, type ItemParam, type Session } from "@oai-rt/edge";

/** Default time that a room stays connected to the API after an answer (`IDLE_SECONDS`), in seconds. */
const DEFAULT_IDLE_SECONDS = 60;

/** Delay after which a room that was restarted during an answer continues it, in milliseconds. */
const RETRY_MS = 15_000;

/** Longest question, in characters: it is stored, with its answer, in values of limited size. */
const MAX_CHARACTERS = 10_000;

/** The environment of the Worker. */
export interface RoomBindings {
  /** API key. */
  readonly OPENAI_API_KEY: string;
  /** Base URL of the API. */
  readonly OPENAI_BASE_URL?: string;
  /** Time that a room stays connected after an answer, in seconds. */
  readonly IDLE_SECONDS?: string;
}

/** The page's end of a WebSocket, as far as it is used. */
interface PageSocket {
  send(text: string): void;
  close(): void;
}

/** The members of a Durable Object's state that are used. */
export interface RoomState {
  readonly storage: {
    get<Value>(key: string): Promise<Value | undefined>;
    put(key: string, value: unknown): Promise<void>;
    delete(key: string): Promise<unknown>;
    list<Value>(options: { prefix: string }): Promise<Map<string, Value>>;
    setAlarm(unixMs: number): Promise<void>;
  };
  acceptWebSocket(socket: PageSocket): void;
  getWebSockets(): readonly PageSocket[];
}

declare const WebSocketPair: new () => { readonly 0: PageSocket; readonly 1: PageSocket };

/**
 * A conversation that outlives the memory of its Durable Object. The sockets of pages hibernate with the object. A socket to
 * the API cannot: as long as it is open the object stays in memory, and when the object is restarted it is gone. So
 *
 * - the conversation is in storage, and every connection begins with it;
 * - a question stays in storage until it is answered: a restarted object answers it again;
 * - a room without a question for a minute closes its connection, so that it can hibernate.
 */
export class TalkRoom {
  readonly #state: RoomState;
  readonly #env: RoomBindings;
  #opening: Promise<Session> | undefined;
  /** The stored JSON of each item. */
  readonly #saved = new Map<string, string>();
  #answering: Promise<void> = Promise.resolve();

  constructor(state: RoomState, env: RoomBindings) {
    this.#state = state;
    this.#env = env;
  }

  /** Lets a page in. */
  fetch(): Response {
    const { 0: page, 1: ours } = new WebSocketPair();
    this.#state.acceptWebSocket(ours);
    return new Response(null, { status: 101, webSocket: page } as ResponseInit);
  }

  /** Called by the runtime with every message of a page, which wakes an object that hibernates. */
  async webSocketMessage(page: PageSocket, text: string | ArrayBuffer): Promise<void> {
    // Nothing is stored that could not be answered: it would block all later questions.
    if (typeof text !== "string" || text.length > MAX_CHARACTERS) return page.send("This is not a question.");
    await this.#state.storage.put(`question:${Date.now()}:${crypto.randomUUID()}`, text);
    await this.#answerAll();
  }

  /** Called by the runtime when a page leaves. */
  webSocketClose(page: PageSocket): void {
    page.close();
  }

  /** Called by the runtime: after a restart during an answer, or when the room was idle. */
  async alarm(): Promise<void> {
    const { size } = await this.#state.storage.list({ prefix: "question:" });
    if (size > 0) return await this.#answerAll();
    const session = await this.#opening?.catch(() => undefined);
    this.#opening = undefined;
    await session?.close();
  }

  /** Answers the questions that are in storage, one after the other. */
  #answerAll(): Promise<void> {
    const answering = this.#answering.then(async () => {
      const questions = await this.#state.storage.list<string>({ prefix: "question:" });
      for (const [key, text] of questions) await this.#answer(key, text);
      const idleMs = Number(this.#env.IDLE_SECONDS ?? DEFAULT_IDLE_SECONDS) * 1000;
      await this.#state.storage.setAlarm(Date.now() + idleMs);
    });
    this.#answering = answering.catch(() => {});
    return answering;
  }

  async #answer(key: string, question: string): Promise<void> {
    await this.#state.storage.setAlarm(Date.now() + RETRY_MS);
    const session = await this.#open();
    let { status } = await session.ask(question);
    // The next connection has the question already.
    while (status === "lost" && session.state !== "closed") status = (await session.respond().done).status;
    // It stays in storage, and the alarm continues it.
    if (status === "lost") return;
    const last = session.conversation.getSnapshot().at(-1);
    const answer = status === "completed" && last?.role === "assistant" ? last.text : `There is no answer: ${status}`;
    await this.#save(session.conversation.export());
    await this.#state.storage.delete(key);
    for (const page of this.#state.getWebSockets()) page.send(answer);
  }

  /** The session; it recovers from drops itself, and its end is handled here. */
  async #open(): Promise<Session> {
    this.#opening ??= this.#connect();
    try {
      const session = await this.#opening;
      if (session.state !== "closed") return session;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
    this.#opening = this.#connect();
    return await this.#opening;
  }

  async #connect(): Promise<Session> {
    const session = await connect({
      apiKey: this.#env.OPENAI_API_KEY,
      baseUrl: this.#env.OPENAI_BASE_URL,
      outputModalities: ["text"],
      instructions: "You talk to a page. Be brief.",
    });
    const items = await this.#state.storage.list<ItemParam>({ prefix: "item:" });
    for (const item of items.values()) await session.addItem(item);
    return session;
  }

  /** Stores new items, each under a key of its own. */
  async #save(items: readonly ItemParam[]): Promise<void> {
    for (const [index, item] of items.entries()) {
      const key = `item:${String(index).padStart(6, "0")}`;
      const text = JSON.stringify(item);
      if (this.#saved.get(key) === text) continue;
      await this.#state.storage.put(key, item);
      this.#saved.set(key, text);
    }
  }
}
