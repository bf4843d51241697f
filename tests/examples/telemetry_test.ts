import { assert, assertEquals } from "@std/assert";
import { telemetryPart } from "../../examples/telemetry/telemetry_part.ts";
import { connectWith, defineTool, toolsPart } from "../../mod.ts";
import { createSimulator } from "../../src/simulator/mod.ts";

interface Span {
  readonly name: string;
  readonly attributes: Record<string, string | number>;
  failure?: string | undefined;
  hasEnded: boolean;
}

function recorder() {
  const spans: Span[] = [];
  const counts: Record<string, number> = {};
  const startSpan = (name: string) => {
    const span: Span = { name, attributes: {}, hasEnded: false };
    spans.push(span);
    return {
      setAttribute: (key: string, value: string | number) => span.attributes[key] = value,
      setStatus: ({ message }: { readonly message?: string }) => span.failure = message,
      end: () => void (span.hasEnded = true),
    };
  };
  const createCounter = () => ({
    add: (value: number, { direction = "" } = {}) => void (counts[direction] = (counts[direction] ?? 0) + value),
  });
  return { spans, counts, tracer: { startSpan }, meter: { createCounter } };
}

Deno.test("telemetryPart() reports responses, tool calls and tokens", async () => {
  const { spans, counts, tracer, meter } = recorder();
  const tools = [defineTool({ name: "get_time", run: () => "Noon" })];
  const options = { apiKey: "sk-test", dial: createSimulator().dial, outputModalities: ["text"] } as const;
  await using session = await connectWith(options, toolsPart({ tools }), telemetryPart({ tracer, meter }));
  await session.ask("Please use get_time.");
  assertEquals(spans.map(({ name, hasEnded, failure }) => [name, hasEnded, failure]), [
    ["realtime.response", true, undefined],
    ["realtime.tool", true, undefined],
    ["realtime.response", true, undefined],
  ]);
  assertEquals([spans[0]?.attributes.status, spans[1]?.attributes.tool], ["completed", "get_time"]);
  assert(counts.input! > 0 && counts.output! > 0, JSON.stringify(counts));
});

Deno.test("telemetryPart() ends open spans as failed when the session ends, and records failed tools", async () => {
  const { spans, tracer } = recorder();
  const started = Promise.withResolvers<void>();
  const tools = [
    defineTool({ name: "break_down", run: () => Promise.reject(new Error("Broken")) }),
    defineTool({
      name: "wait_long",
      run: (_args, { signal }) => {
        started.resolve();
        return new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      },
    }),
  ];
  const options = { apiKey: "sk-test", dial: createSimulator().dial, outputModalities: ["text"] } as const;
  const onUnhandled = () => {};
  const session = await connectWith(
    { ...options, onUnhandled },
    toolsPart({ tools }),
    telemetryPart({ tracer }),
  );
  await session.ask("Please use break_down.");
  void session.ask("Please use wait_long.").catch(() => {});
  await started.promise;
  await session.close();
  const tool = spans.filter(({ name }) => name === "realtime.tool");
  assertEquals(tool.map(({ attributes }) => attributes.tool), ["break_down", "wait_long"]);
  assert(tool.every(({ failure, hasEnded }) => hasEnded && failure !== undefined), JSON.stringify(tool));
});
