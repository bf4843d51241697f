// This module is browser compatible.
import type * as v from "valibot";
import { issuesOf } from "./_schemas/issues.ts";
import type { MalformedFrame } from "./field_issue.ts";

/** Parses a frame and checks what it holds; returns that itself, with nothing copied, added or taken away. Never throws. */
export function parseFrame<Event>(
  frame: string,
  schema: v.GenericSchema<Event>,
): { readonly ok: true; readonly event: Event } | MalformedFrame {
  let raw: unknown;
  try {
    raw = JSON.parse(frame);
  } catch (error) {
    const message = `must be JSON: ${(error as Error).message}`;
    return { ok: false, type: undefined, issues: [{ path: "", kind: "json", message, value: frame }], raw: frame };
  }
  const issues = issuesOf(schema, raw);
  if (issues.length === 0) return { ok: true, event: raw as Event };
  const type = (raw as { type?: unknown } | null)?.type;
  return { ok: false, type: typeof type === "string" ? type : undefined, issues, raw };
}
