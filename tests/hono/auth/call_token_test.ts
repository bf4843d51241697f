import { assertEquals } from "@std/assert";
import { CallTokens } from "../../../src/hono/_auth/call_token.ts";

const NOW = 1_790_000_000_000;
const HOUR_MS = 3_900_000;
const ALICE = { callId: "rtc_1", caller: "alice", product: undefined };
const SECRETS = ["sk-test"];

Deno.test("CallTokens accepts tokens of earlier versions without a place id", async () => {
  const tokens = new CallTokens(() => NOW);
  const verified = { expiry: 1_790_003_900, placeId: undefined };
  const ofAlice = "1790003900._jZfn9g8SMDt9SgeWu2RHiDg7CY0KPFy5FYm3CP7pTI";
  const ofNobody = "1790003900.c61MPA0F-ObWl4VViRkh7IrnShQtfaeWmVo9bFlFrpM";
  assertEquals(await tokens.verify(ofAlice, ALICE, SECRETS), verified);
  assertEquals(await tokens.verify(ofNobody, { ...ALICE, caller: undefined }, SECRETS), verified);
  assertEquals(await tokens.verify(ofAlice, { ...ALICE, caller: "bob" }, SECRETS), undefined);
  assertEquals(await tokens.issue({ ...ALICE, placeId: undefined }, SECRETS, HOUR_MS), ofAlice);
});

Deno.test("CallTokens are valid only for the place that they name", async () => {
  const tokens = new CallTokens(() => NOW);
  const token = await tokens.issue({ ...ALICE, placeId: "place_a_1" }, SECRETS, HOUR_MS);
  assertEquals(await tokens.verify(token, ALICE, SECRETS), { expiry: 1_790_003_900, placeId: "place_a_1" });
  const nameless = await tokens.issue({ ...ALICE, placeId: undefined }, SECRETS, HOUR_MS);
  const forged = [
    token.replace("place_a_1", "place_a_2"),
    token.replace(".place_a_1", ""),
    token.replace("place_a_1", ""),
    `${nameless}.place_a_1`,
    `${token}.place_a_1`,
    `${token}\n`,
  ];
  for (const text of forged) assertEquals(await tokens.verify(text, ALICE, SECRETS), undefined, text);
});

Deno.test("CallTokens are valid only for the API of their call", async () => {
  const tokens = new CallTokens(() => NOW);
  const live = { ...ALICE, product: "live" } as const;
  for (const placeId of [undefined, "place_a_1"]) {
    const ofRealtime = await tokens.issue({ ...ALICE, placeId }, SECRETS, HOUR_MS);
    const ofLive = await tokens.issue({ ...live, placeId }, SECRETS, HOUR_MS);
    assertEquals((await tokens.verify(ofLive, live, SECRETS))?.placeId, placeId);
    assertEquals(await tokens.verify(ofLive, ALICE, SECRETS), undefined);
    assertEquals(await tokens.verify(ofRealtime, live, SECRETS), undefined);
  }
});
