// This module is browser compatible.

/**
 * The path of an address below the API's version, e.g. `/realtime/calls`, whatever base URL it is below; `undefined`
 * when it is no address of the API. Azure Voice Live has its own name in the place of the version.
 */
export function apiPath({ pathname }: URL): string | undefined {
  return /\/(?:v1|voice-live)(\/(?:realtime|live)(?:\/.*)?)$/.exec(pathname.replace(/\/+$/, ""))?.[1];
}

/** Whether an address is shaped as Azure's are: the model is a deployment there, and the key has a header of its own. */
export function isAzure({ pathname }: URL): boolean {
  return pathname.includes("/openai/v1/");
}
