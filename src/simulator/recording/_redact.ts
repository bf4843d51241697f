// This module is browser compatible.
import { isRecord } from "../../_internal/wire.ts";

/** Replacement of a secret. */
const REDACTED = "[redacted]";

/** Names of fields with secrets of any form. */
const SECRET_NAME =
  /^(?:authorization|proxy-authorization|cookie|client_secret|(?:x-)?api[-_]?key|access_token|password)$/i;

/** Patterns of secrets, anywhere: API keys, client secrets, bearer tokens. */
const SECRET_TEXT = /\b(?:sk|ek|whsec)[-_][\w+/=-]{6,}|\bBearer +[\w.~+/=-]+/gi;

/** A text without the secrets in it. */
export function redactText(text: string): string {
  return text.replace(SECRET_TEXT, REDACTED);
}

/** A value of JSON without the secrets in it. */
export function redact(value: unknown): unknown {
  if (typeof value === "string") return redactText(value);
  if (Array.isArray(value)) return value.map(redact);
  if (!isRecord(value)) return value;
  const isMcpServer = value.type === "mcp";
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => {
      if (typeof field === "string" && SECRET_NAME.test(name)) return [name, REDACTED];
      if (isMcpServer && name === "headers" && isRecord(field)) return [name, redactAll(field)];
      if (isMcpServer && name === "server_url" && typeof field === "string") return [name, redactUrl(field)];
      return [name, redact(field)];
    }),
  );
}

/** Headers of an MCP server are there for its credentials. */
function redactAll(headers: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, REDACTED]));
}

function redactUrl(text: string): string {
  if (!URL.canParse(text)) return redactText(text);
  const url = new URL(text);
  if (url.username || url.password) [url.username, url.password] = ["", ""];
  for (const name of new Set(url.searchParams.keys())) url.searchParams.set(name, REDACTED);
  return redactText(url.href);
}
