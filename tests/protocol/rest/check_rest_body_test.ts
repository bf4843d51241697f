import { assertEquals } from "@std/assert";
import {
  checkCallCreateRequest,
  checkCallReferRequest,
  checkCallRejectRequest,
  checkClientSecretRequest,
  checkClientSecretResponse,
  checkSessionConfig,
  checkTranslationClientSecretRequest,
  checkTranslationClientSecretResponse,
  type FieldIssue,
} from "../../../src/protocol/mod.ts";
import { clientFrames, serverFrames, translationServerFrames } from "../_frames.ts";

const session = clientFrames["session.update"]?.full.session;

function pathsOf(issues: readonly FieldIssue[]): string[] {
  return issues.map(({ path }) => path);
}

Deno.test("checkSessionConfig() reports paths inside the settings", () => {
  assertEquals(checkSessionConfig(session), []);
  assertEquals(pathsOf(checkSessionConfig({ type: "realtime", audio: { output: { speed: 3 } } })), [
    "audio.output.speed",
  ]);
  assertEquals(pathsOf(checkSessionConfig({})), ["type"]);
  assertEquals(pathsOf(checkSessionConfig(null)), [""]);
});

Deno.test("checkClientSecretRequest() requires 10 to 7200 seconds", () => {
  assertEquals(checkClientSecretRequest({}), []);
  const expiring = (seconds: unknown) => ({ expires_after: { anchor: "created_at", seconds }, session });
  for (const seconds of [10, 600, 7200, undefined]) assertEquals(checkClientSecretRequest(expiring(seconds)), []);
  for (const seconds of [9, 7201, 60.5, "600", null]) {
    assertEquals(pathsOf(checkClientSecretRequest(expiring(seconds))), ["expires_after.seconds"]);
  }
  assertEquals(pathsOf(checkClientSecretRequest({ expires_after: { anchor: "now" } })), ["expires_after.anchor"]);
  assertEquals(pathsOf(checkClientSecretRequest({ session: { type: "realtime", voice: "ash" } })), ["session.voice"]);
});

Deno.test("checkTranslationClientSecretRequest() requires a model", () => {
  const body = { session: { model: "gpt-realtime-translate", audio: { output: { language: "ja" } } } };
  assertEquals(checkTranslationClientSecretRequest(body), []);
  assertEquals(pathsOf(checkTranslationClientSecretRequest({ session: {} })), ["session.model"]);
  assertEquals(pathsOf(checkTranslationClientSecretRequest({})), ["session"]);
});

Deno.test("checks of call bodies name the field", () => {
  assertEquals(checkCallCreateRequest({ sdp: "v=0", session }), []);
  assertEquals(pathsOf(checkCallCreateRequest({ session: { type: "transcription" } })), ["sdp", "session.type"]);
  assertEquals(checkCallRejectRequest({}), []);
  assertEquals(checkCallRejectRequest({ status_code: 486 }), []);
  assertEquals(pathsOf(checkCallRejectRequest({ status_code: 48 })), ["status_code"]);
  assertEquals(checkCallReferRequest({ target_uri: "tel:+14155550123" }), []);
  assertEquals(pathsOf(checkCallReferRequest({ target: "x" })), ["target_uri", "target"]);
});

Deno.test("checks of responses accept unknown fields and name missing ones", () => {
  const effective = serverFrames["session.created"]?.full.session;
  assertEquals(checkClientSecretResponse({ value: "ek_1", expires_at: 1, session: effective, id: "x" }), []);
  assertEquals(pathsOf(checkClientSecretResponse({ value: 5 })), ["value", "expires_at", "session"]);
  const translation = translationServerFrames["session.created"]?.full.session;
  assertEquals(checkTranslationClientSecretResponse({ value: "ek_1", expires_at: 1, session: translation }), []);
  assertEquals(pathsOf(checkTranslationClientSecretResponse({ value: "ek_1", expires_at: 1 })), ["session"]);
});
