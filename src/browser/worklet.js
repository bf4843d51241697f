// deno-fmt-ignore-file
// Generated from src/browser/_worklets/main.ts by `deno task worklets`.
// src/_internal/polyphase/filter_phase.ts
var filterPhase = (weights, input, output, { advance, at, offset, phases }) => {
  for (; offset < output.length; offset += phases, at += advance) {
    let sum = 0;
    for (let tap = 0; tap < weights.length; tap++) sum += weights[tap] * input[at + tap];
    output[offset] = sum;
  }
};

// src/_internal/polyphase/polyphase.ts
var ATTENUATION_DB = 90;
function designPolyphase(phases, ratio, transition) {
  const narrowing = Math.min(1, ratio);
  const cutoff = narrowing * (1 - transition / 2);
  const reach = 2 * Math.ceil((ATTENUATION_DB - 7.95) / (9.14 * Math.PI * transition * narrowing));
  const beta = 0.1102 * (ATTENUATION_DB - 8.7);
  const weights = new Float32Array(phases * 2 * reach);
  for (let phase = 0; phase < phases; phase++) {
    const row = weights.subarray(phase * 2 * reach, (phase + 1) * 2 * reach);
    let sum = 0;
    for (let tap = 0; tap < row.length; tap++) {
      const distance = tap - (reach - 1) - phase / phases;
      const window = besselI0(beta * Math.sqrt(Math.max(0, 1 - (distance / reach) ** 2)));
      const weight = sinc(cutoff * distance) * window;
      row[tap] = weight;
      sum += weight;
    }
    for (let tap = 0; tap < row.length; tap++) row[tap] /= sum;
  }
  return {
    reach,
    weights
  };
}
function sinc(x) {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
function besselI0(x) {
  let sum = 1;
  for (let term = 1, k = 1; term > sum * Number.EPSILON; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

// src/_internal/polyphase/polyphase_filter.ts
var BLOCK = 512;
var BLOCK_STEPS = 16;
function reducedRatio(from, to) {
  const divisor = greatestCommonDivisor(from, to);
  return {
    advance: from / divisor,
    phases: to / divisor
  };
}
function designRateFilter(from, to, transition = 0.1) {
  const { advance, phases } = reducedRatio(from, to);
  return {
    advance,
    phases,
    ...designPolyphase(phases, phases / advance, transition)
  };
}
function createPolyphaseFilter({ advance, phases, reach, weights }, filterPhase2) {
  const taps = 2 * reach;
  const input = new Float32Array(taps + BLOCK + BLOCK_STEPS * advance);
  let filled = reach - 1;
  let start = 0;
  let phase = 0;
  function readyAfter(more) {
    const starts = filled + more - taps - start + 1;
    return starts > 0 ? Math.ceil((starts * phases - phase) / advance) : 0;
  }
  function filter(output) {
    for (let offset = 0; offset < Math.min(phases, output.length); offset++) {
      const place = phase + offset * advance;
      const row = place % phases;
      const at = start + Math.floor(place / phases);
      filterPhase2(weights.subarray(row * taps, (row + 1) * taps), input, output, {
        at,
        offset,
        advance,
        phases
      });
    }
    const next = phase + output.length * advance;
    start += Math.floor(next / phases);
    phase = next % phases;
  }
  return (samples, scale = 1) => {
    const output = new Float32Array(readyAfter(samples.length));
    let written = 0;
    for (let offset = 0; offset < samples.length; ) {
      if (samples.length - offset > input.length - filled) {
        input.copyWithin(0, start, filled);
        filled -= start;
        start = 0;
      }
      const count = Math.min(input.length - filled, samples.length - offset);
      const end = written + readyAfter(count);
      for (let i = 0; i < count; i++) input[filled + i] = samples[offset + i] * scale;
      filled += count;
      offset += count;
      filter(output.subarray(written, end));
      written = end;
    }
    return output;
  };
}
function greatestCommonDivisor(a, b) {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

// src/browser/_worklets/messages.ts
var SESSION_RATE = 24e3;
var BLOCK_SAMPLES = 480;
var CAPTURE = "oai-rt-capture";
var PLAYER = "oai-rt-player";

// src/browser/_worklets/scope.ts
var scope = globalThis;

// src/browser/_worklets/capture.ts
var CaptureProcessor = class extends scope.AudioWorkletProcessor {
  #resample = createPolyphaseFilter(designRateFilter(scope.sampleRate, SESSION_RATE), filterPhase);
  #block = new Int16Array(BLOCK_SAMPLES);
  #filled = 0;
  #energy = 0;
  process([input = []]) {
    const samples = this.#resample(input[0] ?? new Float32Array(128));
    for (const sample of samples) {
      const value = Math.max(-1, Math.min(1, sample));
      this.#energy += value * value;
      this.#block[this.#filled++] = Math.round(value * 32767);
      if (this.#filled === BLOCK_SAMPLES) this.#post();
    }
    return true;
  }
  #post() {
    const message = {
      samples: this.#block,
      level: Math.sqrt(this.#energy / BLOCK_SAMPLES)
    };
    this.port.postMessage(message, [
      this.#block.buffer
    ]);
    this.#block = new Int16Array(BLOCK_SAMPLES);
    this.#filled = 0;
    this.#energy = 0;
  }
};
scope.registerProcessor(CAPTURE, CaptureProcessor);

// src/browser/_worklets/player.ts
var FADE_SAMPLES = 106;
var PlayerProcessor = class extends scope.AudioWorkletProcessor {
  #queue = [];
  /** Samples of the first piece that were played. */
  #offset = 0;
  #key = 0;
  /** Samples that were played under the key. */
  #played = 0;
  /** Samples played or dropped, and samples received, in total. */
  #done = 0;
  #arrived = 0;
  #unreported = 0;
  #energy = 0;
  #fade = 0;
  /** Number of flushes to answer. */
  #flushes = 0;
  /** Number of samples that had arrived when playback was cut: later ones are played. */
  #cutAt = 0;
  constructor() {
    super();
    this.port.onmessage = ({ data }) => this.#take(data);
  }
  process(_inputs, outputs) {
    const output = outputs[0]?.[0];
    if (!output) return true;
    let piece = this.#queue[0];
    for (let i = 0; i < output.length && piece; i++) {
      if (piece.key !== this.#key) this.#begin(piece.key);
      const sample = piece.samples[this.#offset++] / 32768 * (this.#fade > 0 ? --this.#fade / FADE_SAMPLES : 1);
      output[i] = sample;
      this.#energy += sample * sample;
      this.#played++;
      this.#done++;
      this.#unreported++;
      if (this.#offset === piece.samples.length) {
        this.#queue.shift();
        this.#offset = 0;
        piece = this.#queue[0];
      }
      if (this.#flushes > 0 && (this.#fade === 0 || this.#done === this.#cutAt)) piece = this.#clear();
    }
    if (this.#unreported >= BLOCK_SAMPLES || !piece && this.#unreported > 0) this.#report();
    return true;
  }
  #take(command) {
    if (command.type === "flush") {
      this.#flushes++;
      this.#cutAt = this.#arrived;
      if (this.#done === this.#cutAt) this.#clear();
      else if (this.#fade === 0) this.#fade = FADE_SAMPLES;
    } else {
      this.#queue.push(command);
      this.#arrived += command.samples.length;
    }
  }
  #begin(key) {
    if (this.#unreported > 0) this.#report();
    this.#key = key;
    this.#played = 0;
  }
  /** Drops the truncated audio, and returns the audio that follows it. */
  #clear() {
    while (this.#done < this.#cutAt) {
      this.#done += this.#queue.shift().samples.length - this.#offset;
      this.#offset = 0;
    }
    this.#fade = 0;
    this.#report();
    for (; this.#flushes > 0; this.#flushes--) {
      this.#post({
        type: "flushed",
        key: this.#key,
        played: this.#played
      });
    }
    return this.#queue[0];
  }
  #report() {
    const level = this.#unreported > 0 ? Math.sqrt(this.#energy / this.#unreported) : 0;
    this.#post({
      type: "progress",
      key: this.#key,
      played: this.#played,
      level,
      done: this.#done
    });
    this.#unreported = 0;
    this.#energy = 0;
  }
  #post(report) {
    this.port.postMessage(report);
  }
};
scope.registerProcessor(PLAYER, PlayerProcessor);
