/** A response with its own input, as an event. Counterpart of “Response creation”. */
import { connect, type Session } from "@oai-rt/edge";
import { environment } from "./environment.ts";

/** Requests a text answer to a greeting; resolves with the id of the response. */
export function createResponse(session: Session): Promise<string | null | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | null | undefined>();
  const stop = session.on("response.done", ({ response }) => {
    stop();
    resolve(response.id);
  });
  session.send({
    type: "response.create",
    response: {
      output_modalities: ["text"],
      input: [{ type: "message", role: "user", content: [{ type: "input_text", text: "Hello" }] }],
    },
  });
  return promise;
}

if (import.meta.main) {
  await using session = await connect(environment());
  console.log(await createResponse(session));
}
