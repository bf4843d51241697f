// This module is browser compatible.

/**
 * The path of an address below the API's version, e.g. `/realtime/calls`, with any base URL; `undefined` when it is not
 * an address of the API. Azure Voice Live has its own name in place of the version.
 */
export function apiPath({ pathname }: URL): string | undefined {
  return /\/(?:v1|voice-live)(\/(?:realtime|live)(?:\/.*)?)$/.exec(pathname.replace(/\/+$/, ""))?.[1];
}

/** Whether an address has Azure's form: the model is a deployment there, and the key has a header of its own. */
export function isAzure({ pathname }: URL): boolean {
  return pathname.includes("/openai/v1/");
}
