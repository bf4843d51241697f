/** An out-of-band text answer to a text. Counterpart of “Response builder (high-level)”. */
import { connect, type Session } from "@oai-rt/edge";
import { environment } from "./environment.ts";

/** Requests a summary. */
export function summarize(session: Session, text: string): Promise<string> {
  return session.respond({ outputModalities: ["text"], instructions: "Be concise.", inputText: text }).text();
}

if (import.meta.main) {
  await using session = await connect(environment());
  console.log(await summarize(session, "Summarize this."));
}
