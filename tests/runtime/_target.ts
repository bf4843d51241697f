/** The server that a case talks to, and how. */
export interface Target {
  /** Base URL of a simulator. */
  readonly baseUrl: string;
  /** A key that it accepts. */
  readonly apiKey: string;
  /** A key that it refuses. */
  readonly refusedKey: string;
  /** Whether a page connects, which must not have an API key and does not learn the status of a refused handshake. */
  readonly isPage: boolean;
}

/** The target for programs on a server, from the address at which the simulator listens. */
export function serverTarget(simulatorUrl: string): Target {
  return { baseUrl: baseUrlOf(simulatorUrl), apiKey: "sk-test", refusedKey: "sk-invalid", isPage: false };
}

/** The target for a page, with a client secret that was minted for it. */
export function pageTarget(simulatorUrl: string, clientSecret: string): Target {
  return { baseUrl: baseUrlOf(simulatorUrl), apiKey: clientSecret, refusedKey: "ek_unknown", isPage: true };
}

function baseUrlOf(simulatorUrl: string): string {
  return simulatorUrl.replace(/^ws/, "http").replace(/\/realtime$/, "");
}
