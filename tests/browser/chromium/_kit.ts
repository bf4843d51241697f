// Functions for the pages of the tests, as `globalThis.kit`.
import { connect, connectVoice, defineTool } from "@oai-rt/edge";
import * as browser from "@oai-rt/edge/browser";

/** Measures how loud a stream is, every few milliseconds. */
function meter(stream: MediaStream): () => number {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 256;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return () => {
    analyser.getFloatTimeDomainData(samples);
    return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
  };
}

const kit = { ...browser, connect, connectVoice, defineTool, meter };

/** The type of `globalThis.kit`. */
export type Kit = typeof kit;

Object.assign(globalThis, { kit });
