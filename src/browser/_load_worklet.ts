// This module is browser compatible.
import { assertNotClosed, classOfPage } from "./_audio/page_audio.ts";
import type { AudioContextLike, WorkletNodeLike } from "./audio_context.ts";
import { WORKLET_SOURCE } from "./_worklets/source.ts";

/**
 * Loads the audio worklet into a context: from `workletUrl` if given, then from code in this module, then from the file
 * beside it.
 *
 * @category Browser
 *
 * @throws {TypeError} when all of them fail, the context is closed, or this page has no worklets.
 */
export async function loadWorklet(context: AudioContextLike, workletUrl: string | URL | undefined): Promise<void> {
  const { audioWorklet } = context;
  if (!audioWorklet) {
    throw new TypeError("Cannot load the audio worklet as the page must be loaded over HTTPS or from localhost");
  }
  const failures: unknown[] = [];
  for (const load of [() => workletUrl && String(workletUrl), blobUrl, fileUrl]) {
    const url = load();
    if (!url) continue;
    // Its owner may close it at any time.
    assertNotClosed(context);
    try {
      return await audioWorklet.addModule(url);
    } catch (error) {
      failures.push(error);
    } finally {
      if (url.startsWith("blob:")) URL.revokeObjectURL(url);
    }
  }
  throw new TypeError(
    "Cannot load the audio worklet, perhaps as the Content-Security-Policy forbids it: serve worklet.js of " +
      "@oai-rt/edge/browser where script-src allows it, and pass workletUrl",
    { cause: new AggregateError(failures) },
  );
}

/**
 * Creates the node of a processor loaded by {@linkcode loadWorklet}.
 *
 * @category Browser
 */
export function createWorkletNode(context: AudioContextLike, name: string, options: object): WorkletNodeLike {
  return new (classOfPage("AudioWorkletNode"))(context, name, options);
}

/** The code as a URL. A page without a strict policy, or with `script-src blob:`, can load it with any bundler. */
function blobUrl(): string {
  return URL.createObjectURL(new Blob([WORKLET_SOURCE], { type: "text/javascript" }));
}

/** The file beside this module. Vite, webpack and plain modules resolve it, also under `script-src 'self'`. */
function fileUrl(): string {
  return new URL("./worklet.js", import.meta.url).href;
}
