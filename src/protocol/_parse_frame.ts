// This module is browser compatible.
import { toFieldIssue } from "./_field_issue.ts";
import type { FieldIssue, MalformedFrame } from "./field_issue.ts";

/**
 * Parses a frame and looks for issues in what it holds; returns that itself, with nothing copied, added or taken away.
 * Never throws.
 */
export function parseFrame<Event>(
  frame: string,
  find: (raw: unknown) => readonly FieldIssue[],
): { readonly ok: true; readonly event: Event } | MalformedFrame {
  let raw: unknown;
  try {
    raw = JSON.parse(frame);
  } catch (error) {
    const issue = toFieldIssue("", { kind: "json", reason: (error as Error).message }, frame);
    return { ok: false, type: undefined, issues: [issue], raw: frame };
  }
  const issues = find(raw);
  if (issues.length === 0) return { ok: true, event: raw as Event };
  const type = (raw as { type?: unknown } | null)?.type;
  return { ok: false, type: typeof type === "string" ? type : undefined, issues, raw };
}
