/**
 * The sound of a telephone call through the API: takes a WAV file, sends it as µ-law at 8 kHz, converts that to 24 kHz
 * in a voice session, lets a simulated model repeat it, and returns that as a WAV file. The standard error output
 * reports the added noise.
 *
 * ```sh
 * deno run examples/audio/echo_call.ts < examples/assets/question.wav > echo.wav
 * sox echo.wav -n spectrogram -o echo.png
 * ```
 *
 * @module
 */
import { connectVoice } from "@oai-rt/edge";
import * as audioKit from "@oai-rt/edge/audio";
import {
  chunkAudio,
  decodeG711Stream,
  encodeG711,
  float32ToPcm16,
  mixToMono,
  pcm16ToFloat32,
  readWav,
  resample,
  toInt16,
  writeWav,
} from "@oai-rt/edge/audio";
import { createSimulator } from "@oai-rt/edge/simulator";

/** Samples per second on the line, and of the API. */
const LINE_RATE = 8_000;
const API_RATE = 24_000;

/** A call that was held, and how well it was heard. */
export interface EchoedCall {
  /** WAV file of the echo, 24 kHz mono. */
  readonly wav: Uint8Array<ArrayBuffer>;
  /**
   * Speech-to-noise ratio, in decibels, relative to the speech as a line without µ-law carries it: the noise added by
   * the call.
   */
  readonly snrDb: number;
  /** Speech over noise, in decibels, against the file itself, of which a line carries nothing above 4 kHz. */
  readonly fileSnrDb: number;
}

/** Plays a WAV file to a model that repeats what it hears. */
export async function echoCall(file: Uint8Array): Promise<EchoedCall> {
  const { sampleRate, channels, samples } = readWav(file);
  const speech = mixToMono(samples, channels);
  const line = resample(speech, { from: sampleRate, to: LINE_RATE });
  const echo = await say(encodeG711(float32ToPcm16(line), "audio/pcmu"));
  return {
    wav: writeWav(echo, { sampleRate: API_RATE }),
    snrDb: snrDb(resample(line, { from: LINE_RATE, to: API_RATE }), pcm16ToFloat32(echo)),
    fileSnrDb: snrDb(resample(speech, { from: sampleRate, to: API_RATE }), pcm16ToFloat32(echo)),
  };
}

/** Sends µ-law in frames of 20 ms, as a telephone does, and resolves with the echo. */
async function say(muLaw: Uint8Array): Promise<Int16Array> {
  await using simulator = createSimulator({
    pace: "fast",
    createModel: () => ({
      hear: () => "Whatever it was.",
      reply: ({ items, audioOf }) => {
        const audio = audioOf(items.at(-1)?.id ?? "");
        return { outputs: [{ type: "message", text: "Whatever it was.", ...audio && { audio } }] };
      },
    }),
  });
  await using voice = await connectVoice({
    apiKey: "sk-echo",
    dial: simulator.dial,
    turnDetection: null,
    inputRate: LINE_RATE,
    audioKit,
    playbackSource: "reported",
  });
  await ReadableStream.from([muLaw])
    .pipeThrough(chunkAudio({ chunkMs: 20, format: "audio/pcmu" }))
    .pipeThrough(decodeG711Stream("audio/pcmu"))
    .pipeTo(voice.input);
  await voice.session.commitAudio();
  const chunks = await Array.fromAsync(voice.outputOf(voice.session.respond()));
  const bytes = await new Blob(chunks.map((chunk) => chunk.bytes)).bytes();
  return toInt16(bytes);
}

/** Ratio of the power of the speech to the power of the difference, in decibels. */
function snrDb(said: Float32Array, heard: Float32Array): number {
  let [signal, noise] = [0, 0];
  for (let i = 0; i < Math.max(said.length, heard.length); i++) {
    signal += (said[i] ?? 0) ** 2;
    noise += ((heard[i] ?? 0) - (said[i] ?? 0)) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}

if (import.meta.main) {
  const { wav, snrDb, fileSnrDb } = await echoCall(await new Response(Deno.stdin.readable).bytes());
  console.error(
    `speech over noise: ${snrDb.toFixed(1)} dB within the band of the line, ${fileSnrDb.toFixed(1)} dB in all`,
  );
  await new Blob([wav]).stream().pipeTo(Deno.stdout.writable);
}
