import { assertEquals, assertMatch } from "@std/assert";
import { createStub, SDP, SECRET } from "./_stub.ts";

interface Recording {
  readonly request: Readonly<{ body?: string; parsed_body?: unknown; headers: Record<string, string[]>; uri: string }>;
  readonly response: Readonly<
    { body?: { string: string }; parsed_body?: unknown; headers: Record<string, string[]>; status: { code: number } }
  >;
}

// Recordings of the real server, which are not part of the repository, are used where available.
const FOLDER = new URL("../../../shared/traces/", import.meta.url);

/** The recorded exchange, or one of the same form. */
async function readRecording(name: string, own: Recording): Promise<Recording> {
  try {
    return JSON.parse(await Deno.readTextFile(new URL(name, FOLDER)))[0];
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return own;
  }
}

/** A client that gets the recorded answer. */
function replay({ response: { body, headers, parsed_body, status } }: Recording) {
  const text = body?.string ?? JSON.stringify(parsed_body);
  const plain = Object.entries(headers).map(([name, values]): [string, string] => [name, values.join(", ")]);
  return createStub(() => new Response(text, { status: status.code, headers: plain }));
}

Deno.test("createCall() sends the recorded request except for the boundary, and reads the recorded answer", async () => {
  const session = { type: "realtime", model: "gpt-realtime", instructions: "Answer in two words." } as const;
  const part = (name: string, type: string, content: string) =>
    `--b\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: ${type}\r\n\r\n${content}\r\n`;
  const recording = await readRecording("answer_webrtc_offer.http.json", {
    request: {
      uri: "https://api.openai.com/v1/realtime/calls",
      headers: { accept: ["application/sdp"], "content-type": ["multipart/form-data; boundary=b"] },
      body: `${part("sdp", "application/sdp", SDP)}${
        part("session", "application/json", JSON.stringify(session))
      }--b--\r\n`,
    },
    response: {
      status: { code: 201 },
      headers: { "content-type": ["text/plain; charset=utf-8"], location: ["/v1/realtime/calls/rtc_u2_E4xw"] },
      body: { string: SDP },
    },
  });
  const { body = "", headers: { accept, "content-type": type }, uri } = recording.request;
  const form = await new Response(body, { headers: { "content-type": type![0]! } }).formData();
  const settings = JSON.parse(form.get("session") as string);
  const { rest, requests } = replay(recording);
  const call = await rest.createCall({ sdp: form.get("sdp") as string, session: settings });

  const seen = requests[0]!;
  const boundaryOf = (type: string) => /boundary=(.+)$/.exec(type)?.[1] ?? "";
  const recorded = body.replaceAll(boundaryOf(type![0]!), "b").replace(/\{.*\}/, JSON.stringify(settings));
  assertEquals(seen.body.replaceAll(boundaryOf(seen.headers["content-type"]!), "b"), recorded);
  assertEquals([seen.url, seen.headers.accept], [uri, accept?.[0]]);
  assertEquals(call.sdp, recording.response.body?.string);
  assertEquals(call.callId, recording.response.headers.location?.[0]?.split("/").at(-1));
  assertMatch(call.callId ?? "", /^rtc_/);
});

Deno.test("createClientSecret() sends the recorded request, and reads the recorded answer", async () => {
  const recording = await readRecording("create_client_secret.http.json", {
    request: {
      uri: "https://api.openai.com/v1/realtime/client_secrets",
      headers: { "content-type": ["application/json"] },
      parsed_body: { expires_after: { anchor: "created_at", seconds: 60 }, session: { type: "realtime" } },
    },
    response: { status: { code: 200 }, headers: { "content-type": ["application/json"] }, parsed_body: SECRET },
  });
  const { rest, requests } = replay(recording);
  const secret = await rest.createClientSecret(recording.request.parsed_body as Record<string, never>);
  assertEquals<unknown>(secret, recording.response.parsed_body);
  const { body, headers, url } = requests[0]!;
  assertEquals([url, headers["content-type"]], [recording.request.uri, recording.request.headers["content-type"]?.[0]]);
  assertEquals(JSON.parse(body), recording.request.parsed_body);
});
