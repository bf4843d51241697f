import { connect as netConnect } from "node:net";
import { OpenAIRealtimeWebSocket as AgentsWebSocket, RealtimeAgent, RealtimeSession } from "@openai/agents-realtime";
import OpenAI from "openai";
import { OpenAIRealtimeWebSocket } from "openai/realtime/websocket";
import { OpenAIRealtimeWS } from "openai/realtime/ws";
import { connect } from "../../mod.ts";
import { decodeBase64 } from "../../src/audio/mod.ts";

const DELTA = "response.output_audio.delta";
const DONE = "response.output_audio.done";
const REQUEST = { type: "response.create" } as const;

/** Callbacks of a reading client. */
export interface Reading {
  /** Notes how long the audio of a delta is, in bytes. */
  heard(bytes: number): void;
  /** Reports that the last delta has arrived. */
  done(): void;
}

/** A client that is connected. */
export interface DeltaReader {
  /** Asks for a response. */
  request(): void;
  /** Leaves. */
  close(): unknown;
}

/** Connects a client that reads audio deltas. */
export type OpenReader = (port: number, reading: Reading) => Promise<DeltaReader>;

/** The minimum of a client: `WebSocket` → `JSON.parse` → native base64. */
export const openBareLoop: OpenReader = async (port, { heard, done }) => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
  await new Promise((resolve) => socket.onopen = resolve);
  socket.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    if (event.type === DELTA) heard(Uint8Array.fromBase64(event.delta).length);
    if (event.type === DONE) done();
  };
  return { request: () => socket.send(JSON.stringify(REQUEST)), close: () => socket.close() };
};

/** Our session, which checks every event; its reader decodes as the bare loop does. */
export const openSession: OpenReader = async (port, { heard, done }) => {
  const session = await connect({ apiKey: "sk-test", baseUrl: `http://127.0.0.1:${port}` });
  session.on(DELTA, (event) => heard(decodeBase64(event.delta).length));
  session.on(DONE, done);
  return { request: () => session.send(REQUEST), close: () => session.close() };
};

/** npm's openai over the runtime's WebSocket. It neither checks nor decodes. */
export const openOpenai: OpenReader = (port, reading) => readOpenai(startOpenai(port), reading);

/** Connects npm's openai over the runtime's WebSocket. */
export async function dialOpenai(port: number): Promise<OpenAIRealtimeWebSocket> {
  const realtime = startOpenai(port);
  await new Promise((resolve) => realtime.once("session.created", resolve));
  return realtime;
}

function startOpenai(port: number): OpenAIRealtimeWebSocket {
  const Native = globalThis.WebSocket;
  // It only dials wss:, which no other client here does.
  globalThis.WebSocket = class extends Native {
    constructor(url: string | URL, options?: string | string[] | WebSocketOptions) {
      super(`${url}`.replace("wss:", "ws:"), options);
    }
  };
  try {
    return new OpenAIRealtimeWebSocket({ model: "gpt-realtime" }, openaiAt(port));
  } finally {
    globalThis.WebSocket = Native;
  }
}

/** npm's openai over the package ws, with no TLS below it either. */
export const openOpenaiWs: OpenReader = (port, reading) => {
  const options = { createConnection: () => netConnect(port, "127.0.0.1") };
  return readOpenai(new OpenAIRealtimeWS({ model: "gpt-realtime", options }, openaiAt(port)), reading);
};

function openaiAt(port: number): OpenAI {
  return new OpenAI({ apiKey: "sk-test", baseURL: `http://127.0.0.1:${port}` });
}

async function readOpenai(
  realtime: OpenAIRealtimeWebSocket | OpenAIRealtimeWS,
  { heard, done }: Reading,
): Promise<DeltaReader> {
  realtime.on("error", (error) => {
    throw error;
  });
  realtime.on(DELTA, ({ delta }) => heard(delta.length / 4 * 3));
  realtime.on(DONE, done);
  await new Promise((resolve) => realtime.once("session.created", resolve));
  return { request: () => realtime.send(REQUEST), close: () => realtime.close() };
}

/** npm's @openai/agents-realtime: a session over its WebSocket, which parses every event with a schema and decodes. */
export const openAgents: OpenReader = async (port, { heard, done }) => {
  const transport = new AgentsWebSocket();
  const session = new RealtimeSession(new RealtimeAgent({ name: "Listener" }), { transport, model: "gpt-realtime" });
  session.on("error", ({ error }) => {
    throw error;
  });
  session.on("audio", ({ data }) => heard(data.byteLength));
  transport.on(DONE, done);
  await session.connect({ apiKey: "sk-test", url: `ws://127.0.0.1:${port}/realtime?model=gpt-realtime` });
  return { request: () => transport.sendEvent(REQUEST), close: () => session.close() };
};
