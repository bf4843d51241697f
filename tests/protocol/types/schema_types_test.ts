import type * as v from "valibot";
import type { ClientEventSchemas, ResponseConfigSchema } from "../../../src/protocol/_schemas/client_event.ts";
import type { ContentPartSchemas, ItemSchema } from "../../../src/protocol/_schemas/item.ts";
import type { ItemParamSchema, ResponseInputItemSchema } from "../../../src/protocol/_schemas/item_param.ts";
import type { ResponseSchema, UsageSchema } from "../../../src/protocol/_schemas/response.ts";
import type {
  CallCreateRequestSchema,
  CallReferRequestSchema,
  CallRejectRequestSchema,
  ClientSecretRequestSchema,
  ClientSecretResponseSchema,
  TranslationClientSecretRequestSchema,
  TranslationClientSecretResponseSchema,
  WebhookEventSchemas,
} from "../../../src/protocol/_schemas/rest.ts";
import type { ServerEventSchemas, TranscriptionUsageSchemas } from "../../../src/protocol/_schemas/server_event.ts";
import type { EffectiveSessionSchemas, EffectiveToolSchemas } from "../../../src/protocol/_schemas/session.ts";
import type { SessionConfigSchema } from "../../../src/protocol/_schemas/session_config.ts";
import type { ToolChoiceSchema, ToolSchema } from "../../../src/protocol/_schemas/tool.ts";
import type {
  TranslationClientEventSchemas,
  TranslationServerEventSchemas,
  TranslationSessionConfigSchema,
  TranslationSessionSchema,
} from "../../../src/protocol/_schemas/translation.ts";
import type * as protocol from "../../../src/protocol/mod.ts";
import type { Identical, OutputOf, Plain } from "./_same_type.ts";

/** The names whose types differ in two maps, or that only one of them has. */
type Differing<A, B> = {
  [Name in keyof A | keyof B]: Name extends keyof A & keyof B
    ? Identical<Plain<A[Name]>, Plain<B[Name]>> extends true ? never : Name
    : Name;
}[keyof A | keyof B];

/** Compiles with `true` when two maps have the same types by name; otherwise the compiler lists the differences. */
function compareByName<A, B>(_same: [Differing<A, B>] extends [never] ? true : { differing: Differing<A, B> }): void {}

/** Compiles with `true` when the types are exactly the same, else with `false`. */
function compare<A, B>(_same: Identical<Plain<A>, Plain<B>>): void {}

Deno.test("schemas and interfaces are identical types", () => {
  compareByName<OutputOf<typeof ServerEventSchemas>, protocol.ServerEventMap>(true);
  compareByName<OutputOf<typeof ClientEventSchemas>, protocol.ClientEventMap>(true);
  compareByName<OutputOf<typeof TranslationServerEventSchemas>, protocol.TranslationServerEventMap>(true);
  compareByName<OutputOf<typeof TranslationClientEventSchemas>, protocol.TranslationClientEventMap>(true);

  compare<v.InferOutput<typeof ItemSchema>, protocol.Item | protocol.UnknownItem>(true);
  compare<OutputOf<typeof ContentPartSchemas>[keyof typeof ContentPartSchemas], protocol.ContentPart>(true);
  compare<OutputOf<typeof EffectiveSessionSchemas>[keyof typeof EffectiveSessionSchemas], protocol.EffectiveSession>(
    true,
  );
  compare<OutputOf<typeof EffectiveToolSchemas>[keyof typeof EffectiveToolSchemas], protocol.EffectiveTool>(true);
  compare<
    OutputOf<typeof TranscriptionUsageSchemas>[keyof typeof TranscriptionUsageSchemas],
    protocol.TranscriptionUsage
  >(true);
  compare<v.InferOutput<typeof ResponseSchema>, protocol.RealtimeResponse>(true);
  compare<v.InferOutput<typeof UsageSchema>, protocol.Usage>(true);
  compare<v.InferOutput<typeof TranslationSessionSchema>, protocol.TranslationSession>(true);

  compare<v.InferOutput<typeof ItemParamSchema>, protocol.ItemParam>(true);
  compare<v.InferOutput<typeof ResponseInputItemSchema>, protocol.ResponseInputItem>(true);
  compare<v.InferOutput<typeof ResponseConfigSchema>, protocol.ResponseConfig>(true);
  compare<v.InferOutput<typeof SessionConfigSchema>, protocol.SessionConfig>(true);
  compare<v.InferOutput<typeof TranslationSessionConfigSchema>, protocol.TranslationSessionConfig>(true);
  compare<v.InferOutput<typeof ToolSchema>, protocol.Tool>(true);
  compare<v.InferOutput<typeof ToolChoiceSchema>, protocol.ToolChoice>(true);

  compare<v.InferOutput<typeof ClientSecretRequestSchema>, protocol.ClientSecretRequest>(true);
  compare<v.InferOutput<typeof TranslationClientSecretRequestSchema>, protocol.TranslationClientSecretRequest>(true);
  compare<v.InferOutput<typeof CallCreateRequestSchema>, protocol.CallCreateRequest>(true);
  compare<v.InferOutput<typeof CallRejectRequestSchema>, protocol.CallRejectRequest>(true);
  compare<v.InferOutput<typeof CallReferRequestSchema>, protocol.CallReferRequest>(true);
  compare<v.InferOutput<typeof ClientSecretResponseSchema>, protocol.ClientSecretResponse>(true);
  compare<v.InferOutput<typeof TranslationClientSecretResponseSchema>, protocol.TranslationClientSecretResponse>(true);
  compare<OutputOf<typeof WebhookEventSchemas>["realtime.call.incoming"], protocol.RealtimeCallIncomingEvent>(true);
});

Deno.test("compareByName() names different and missing members", () => {
  compareByName<{ a: string; b: number }, { readonly a: string; b: number }>(true);
  compareByName<{ a: string; b: number; c: 1 }, { a: string; b: string; d: 1 }>({ differing: "b" });
  compareByName<{ a: string; b: number; c: 1 }, { a: string; b: number; d: 1 }>({ differing: "c" });
  compareByName<{ a: string; b: number; c: 1 }, { a: string; b: number; d: 1 }>({ differing: "d" });
  // @ts-expect-error this one is the same in both
  compareByName<{ a: string; b: number; c: 1 }, { a: string; b: number; d: 1 }>({ differing: "a" });
});

Deno.test("compare() detects optionality, null, literals and missing fields", () => {
  compare<{ a: string }, { readonly a: string }>(true);
  compare<{ a: string }, { a?: string }>(false);
  compare<{ a?: string }, { a?: string | undefined }>(false);
  compare<{ a: string }, { a: string | null }>(false);
  compare<{ a: { b: "x" }[] }, { a: { b: string }[] }>(false);
  compare<{ a: string }, { a: string; b?: string }>(false);
  compare<{ a: string } | { b: string }, { a: string }>(false);
});
