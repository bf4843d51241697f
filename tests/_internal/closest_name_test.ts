import { assertEquals } from "@std/assert";
import { closestName } from "../../src/_internal/closest_name.ts";

const NAMES = [
  "apiKey",
  "baseUrl",
  "model",
  "now",
  "organization",
  "timeoutMs",
  "tools",
  "toolChoice",
  "turnDetection",
];

Deno.test("closestName() ignores case and separators", () => {
  assertEquals(closestName("baseURL", NAMES), "baseUrl");
  assertEquals(closestName("api_key", NAMES), "apiKey");
  assertEquals(closestName("turn-detection", NAMES), "turnDetection");
});

Deno.test("closestName() finds misspelt and shortened names", () => {
  assertEquals(closestName("modle", NAMES), "model");
  assertEquals(closestName("organisation", NAMES), "organization");
  assertEquals(closestName("timeout", NAMES), "timeoutMs");
  assertEquals(closestName("tool", NAMES), "tools");
  assertEquals(closestName("key", NAMES), "apiKey");
});

Deno.test("closestName() finds names with two faults in different places", () => {
  assertEquals(closestName("trunDetecton", NAMES), "turnDetection");
  assertEquals(closestName("orgnisation", NAMES), "organization");
  assertEquals(closestName("organnizatoin", NAMES), "organization");
  assertEquals(closestName("micorfone", ["microphone"]), "microphone");
  // In a short name, two faults leave too little.
  assertEquals(closestName("list", ["tool"]), undefined);
});

Deno.test("closestName() prefers the closest name, whatever the order", () => {
  assertEquals(closestName("tool_choices", ["tools", "toolChoice"]), "toolChoice");
  assertEquals(closestName("tool_choices", ["toolChoice", "tools"]), "toolChoice");
  assertEquals(closestName("tool", ["toolChoice", "tools"]), "tools");
});

Deno.test("closestName() returns nothing if no name is close", () => {
  assertEquals(closestName("colour", NAMES), undefined);
  assertEquals(closestName("foo", NAMES), undefined);
  assertEquals(closestName("", NAMES), undefined);
  assertEquals(closestName("x", []), undefined);
});
