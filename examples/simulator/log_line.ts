import type { SimulatedFrame } from "@oai-rt/edge/simulator";

/** Characters of audio that are shown. */
const SHOWN = 80;

/** Formats sender and content in one line, without audio, for any form of JSON. */
export function logLine({ data, from, sessionId = "refused" }: SimulatedFrame): string {
  return `${sessionId} ${from === "client" ? "<-" : "->"} ${typeof data === "string" ? shown(data) : binary(data)}`;
}

function shown(text: string): string {
  try {
    return JSON.stringify(
      JSON.parse(text),
      (name, value) => isAudio(name, value) ? `${value.slice(0, SHOWN)}…` : value,
    );
  } catch {
    // Not JSON: line breaks are written as such.
    return JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
  }
}

function isAudio(name: string, value: unknown): value is string {
  return (name === "audio" || name === "delta") && typeof value === "string" && value.length > SHOWN;
}

function binary({ length }: Uint8Array): string {
  return `${length} bytes in a binary frame`;
}
