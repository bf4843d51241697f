import { connect, ConnectionError } from "@oai-rt/edge";
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import type { Target } from "./_target.ts";
import { holdVoiceConversation } from "./_voice_case.ts";

/** A case that must have the same outcome on every runtime; it needs only web standards. */
export interface Case {
  /** The expected behaviour, in plain words. */
  readonly name: string;
  /** Rejects when it does not. */
  run(target: Target): Promise<void>;
}

/** An address without a server; browsers and some `fetch` implementations reject most low ports by themselves. */
const DEAD_BASE_URL = "http://127.0.0.1:61009/v1";

/** Cases for every runtime. */
export const CASES: readonly Case[] = [
  {
    name: "a text turn streams words, has an outcome, and ends cleanly",
    async run({ apiKey, baseUrl }) {
      const session = await connect({ apiKey, baseUrl, outputModalities: ["text"] });
      await session.sendMessage("Good morning!");
      const response = session.respond();
      let words = "";
      for await (const delta of response.textStream()) words += delta;
      assert(words.length > 0);
      assertEquals(words, await response.text());
      assertEquals((await response.done).status, "completed");
      assertEquals(await session.close(), { code: 1000, reason: "", clean: true });
    },
  },
  {
    name: "a whole voice conversation: a tool, speech in both directions, and an interruption at the heard position",
    run: holdVoiceConversation,
  },
  {
    name: "connect() with an invalid key rejects with the API's error",
    async run({ baseUrl, refusedKey }) {
      const error = await refusal({ apiKey: refusedKey, baseUrl });
      assertEquals([error.kind, error.close?.code], ["refused", 3000]);
      assert(!`${error.stack}${error.cause}`.includes(refusedKey));
    },
  },
  {
    name: "connect() rejects on a refused handshake, with status and body if the runtime reports them",
    async run({ apiKey, baseUrl, isPage }) {
      const { kind, status, body } = await refusal({ apiKey, baseUrl: `${baseUrl}/elsewhere` });
      assertEquals(kind, "refused");
      assertEquals(status, isPage ? undefined : 404);
      assertEquals(typeof body, isPage ? "undefined" : "object");
    },
  },
  {
    name: "connect() with an API key works on a server, and rejects in a page",
    async run({ baseUrl, isPage }) {
      const options = { apiKey: "sk-test", baseUrl };
      if (!isPage) return await (await connect(options))[Symbol.asyncDispose]();
      const { kind, message } = await refusal(options);
      assertEquals(kind, "configuration");
      assertMatch(message, /needs a client secret \(ek_…\) from your server, not an API key/);
    },
  },
  {
    name: "connect() rejects with a ConnectionError if the server is unreachable",
    async run({ apiKey }) {
      const { kind, message } = await refusal({ apiKey, baseUrl: DEAD_BASE_URL });
      assertEquals(kind, "unreachable");
      // Node's own message has no details.
      if (globalThis.navigator?.userAgent?.startsWith("Node.js")) assertMatch(message, /ECONNREFUSED/);
    },
  },
];

/** The error in which connecting ends. */
function refusal(options: { apiKey: string; baseUrl: string }): Promise<ConnectionError> {
  return assertRejects(() => connect(options), ConnectionError);
}
