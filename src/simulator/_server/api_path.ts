// This module is browser compatible.

/**
 * The path of an address below the API's version, e.g. `/realtime/calls`, with any base URL; `undefined` when it is not
 * an address of the API. Azure Voice Live has its own name in place of the version.
 */
export function apiPath({ pathname }: URL): string | undefined {
  return /\/(?:v1|voice-live)(\/(?:realtime|live)(?:\/.*)?)$/.exec(pathname.replace(/\/+$/, ""))?.[1];
}

/** An id in a path without its escapes; one that is not valid UTF-8 stays as it is, and names nothing. */
export function decodeId(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Whether an address is that of Azure Voice Live. */
export function isVoiceLive({ pathname }: URL): boolean {
  return pathname.includes("/voice-live/");
}

/** Whether an address has Azure's form: the model is a deployment there, and the key has a header of its own. */
export function isAzure({ pathname }: URL): boolean {
  return pathname.includes("/openai/v1/");
}
