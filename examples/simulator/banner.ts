/** Address of the simulator. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
}

/** Address that WebSockets connect to. */
export function socketAddress({ host, isSecure, port }: Address): string {
  return `${isSecure ? "wss" : "ws"}://${host}:${port}/v1/realtime`;
}

/** How to connect various clients. */
export function bannerFor(address: Address): string {
  const { host, isSecure, port } = address;
  const base = `${isSecure ? "https" : "http"}://${host}:${port}/v1`;
  const openai = isSecure
    ? `new OpenAI({ apiKey: "sk-test", baseURL: "${base}" })`
    : "needs TLS: start with --tls-cert and --tls-key; Node.js trusts a certificate in NODE_EXTRA_CA_CERTS";
  const lines = [
    ["@oai-rt/edge", `connect({ apiKey: "sk-test", baseUrl: "${base}" })`],
    ["openai", openai],
    [
      "@openai/agents-realtime",
      `session.connect({ apiKey: "sk-test", url: "${socketAddress(address)}?model=gpt-realtime-2.1" })`,
    ],
    ["REST", `${base}/realtime/client_secrets, …/realtime/calls, …/realtime/translations/client_secrets`],
    ["anything else", `OPENAI_BASE_URL=${base} OPENAI_API_KEY=sk-test`],
  ];
  const width = Math.max(...lines.map(([client = ""]) => client.length));
  const rows = lines.map(([client = "", what = ""]) => `  ${client.padEnd(width)}  ${what}`);
  return ["Every key is accepted, except those that begin with sk-invalid.", ...rows].join("\n");
}
