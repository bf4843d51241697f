import { assert } from "@std/assert";
import { gzipSync } from "node:zlib";
import { bundleModule } from "../_tools/bundle.ts";
import { ROOT } from "../_tools/repository.ts";

/**
 * Bytes after minification and gzip -9 of what a page imports of `./browser`; lower a bound when something gets smaller. From
 * the modules themselves, as bundlers take it from the npm package, which says that its modules have no side effects.
 */
const BOUNDS: readonly {
  readonly names: readonly string[];
  readonly modules: readonly string[];
  readonly bytes: number;
}[] = [
  { names: ["openMicrophone", "openSpeaker"], modules: ["open_microphone", "open_speaker"], bytes: 6 * 1024 },
];
/** Bytes that `connectVoiceWebRtc` may take beyond the session, its recovery and the voice that it opens. */
const WEB_RTC_BYTES = 7_080;

async function sizeOf(code: string): Promise<number> {
  const folder = await Deno.makeTempDir({ dir: `${ROOT}/tests/browser`, prefix: "size_" });
  try {
    await Deno.writeTextFile(`${folder}/entry.ts`, code);
    const bundle = await bundleModule(ROOT, `${folder}/entry.ts`, ["--platform", "browser", "--minify"]);
    return gzipSync(bundle, { level: 9 }).byteLength;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("Browser imports stay within their size budget", async () => {
  for (const { bytes, modules, names } of BOUNDS) {
    const lines = names.map((name, index) => `export { ${name} } from "../../../src/browser/${modules[index]}.ts";`);
    const size = await sizeOf(lines.join("\n"));
    console.log(`    ${names}: ${size} bytes gzipped, of ${bytes} allowed`);
    assert(size <= bytes, `${names} take ${size} bytes gzipped: at most ${bytes} are allowed`);
  }
});

Deno.test("WebRTC adds little to a voice session", async () => {
  const withIt = await sizeOf(`export { connectVoiceWebRtc, viaApp } from "../../../src/browser/mod.ts";`);
  const without = await sizeOf(`
    export { openSession, recoveryPart } from "../../../src/session/mod.ts";
    export { VoiceSession } from "../../../src/voice/voice_session.ts";
    export { createTransport } from "../../../src/transport/socket_transport.ts";
  `);
  console.log(`    connectVoiceWebRtc, viaApp: ${withIt} bytes gzipped, of which ${withIt - without} are WebRTC's`);
  assert(
    withIt - without <= WEB_RTC_BYTES,
    `WebRTC takes ${withIt - without} bytes: at most ${WEB_RTC_BYTES} are allowed`,
  );
});
