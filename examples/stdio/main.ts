/**
 * A telephone in a terminal: raw PCM16 at 24 kHz in, raw PCM16 at 24 kHz out, transcripts on the standard error output.
 *
 * ```sh
 * export OPENAI_API_KEY=…
 * sox -q -d -t raw -r 24k -e signed -b 16 -c 1 - |
 *   deno run -A examples/stdio/main.ts |
 *   sox -q -t raw -r 24k -e signed -b 16 -c 1 - -d
 * arecord -q -t raw -f S16_LE -r 16000 | deno run -A examples/stdio/main.ts 16000 | aplay -q -t raw -f S16_LE -r 24000
 * ffmpeg -v error -i question.mp3 -f s16le -ar 24000 -ac 1 - | deno run -A examples/stdio/main.ts > answer.raw
 * ```
 *
 * The argument is the rate of the input. `OPENAI_BASE_URL` names another server, such as that of `deno task simulator`.
 * Use headphones: there is no echo cancellation.
 *
 * @module
 */
import { connectVoice, systemClock } from "@oai-rt/edge";
import * as audioKit from "@oai-rt/edge/audio";
import { talk } from "./talk.ts";

async function main([rate = "24000"]: readonly string[]): Promise<void> {
  await using voice = await connectVoice({
    apiKey: Deno.env.get("OPENAI_API_KEY"),
    baseUrl: Deno.env.get("OPENAI_BASE_URL"),
    turnDetection: "server_vad",
    transcription: { model: "gpt-4o-mini-transcribe" },
    inputRate: Number(rate),
    audioKit,
  });
  const utterances = voice.transcripts();
  const writing = (async () => {
    for await (const { role, text } of utterances) console.error(`${role}: ${text}`);
  })();
  await talk(voice, { from: Deno.stdin.readable, to: Deno.stdout.writable, clock: systemClock });
  await writing;
}

if (import.meta.main) {
  try {
    await main(Deno.args);
  } catch (error) {
    console.error(`stdio: ${error instanceof Error ? error.message : error}`);
    Deno.exit(1);
  }
}
