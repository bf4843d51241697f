import { assertEquals } from "@std/assert";
import { createHmac } from "node:crypto";
import { signWebhook } from "../../../src/simulator/_calls/webhook_signature.ts";

const CONTENT = { id: "wh_1", timestamp: 1_790_000_000, body: '{"type":"realtime.call.incoming","name":"Zoë"}' };
const SIGNED = `wh_1.1790000000.${CONTENT.body}`;

Deno.test("signWebhook() signs with the decoded bytes of a whsec_ secret, and with the characters of any other", async () => {
  const key = new Uint8Array([1, 2, 250, 251, 252, 0, 9]);
  const secrets = [["whsec_AQL6+/wACQ==", key], ["a plain secret, ü", "a plain secret, ü"]] as const;
  for (const [secret, bytes] of secrets) {
    const expected = createHmac("sha256", bytes).update(SIGNED).digest("base64");
    assertEquals(await signWebhook(CONTENT, secret), `v1,${expected}`);
  }
});
