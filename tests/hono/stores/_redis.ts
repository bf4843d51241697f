/** A Redis server of the machine, and the least of a client. */

/** A client. */
export interface Redis extends AsyncDisposable {
  /** Runs a script. */
  eval(script: string, keys: string[], args: string[]): Promise<unknown>;
}

/** Whether there is a Redis server on this machine. */
export async function hasRedis(): Promise<boolean> {
  try {
    return (await new Deno.Command("redis-server", { args: ["--version"], stdout: "null", stderr: "null" }).output())
      .success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Starts a server that keeps nothing, and connects to it. */
export async function startRedis(): Promise<Redis> {
  const { port } = takePort();
  const dir = await Deno.makeTempDir();
  const args = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", dir];
  const server = new Deno.Command("redis-server", { args, stdout: "piped", stderr: "null" }).spawn();
  const reader = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
  for (let log = ""; !log.includes("Ready to accept connections");) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`Cannot start redis-server: ${log}`);
    log += value;
  }
  const client = new Client(await Deno.connect({ hostname: "127.0.0.1", port }));
  return {
    eval: (script, keys, args) => client.send(["EVAL", script, `${keys.length}`, ...keys, ...args]),
    async [Symbol.asyncDispose]() {
      client.close();
      server.kill("SIGTERM");
      await reader.cancel();
      await server.status;
      await Deno.remove(dir, { recursive: true });
    },
  };
}

/** A port that is currently unused. */
function takePort(): Deno.NetAddr {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr as Deno.NetAddr;
}

/** Speaks the protocol of Redis, one command after the other. */
class Client {
  readonly #connection: Deno.TcpConn;
  readonly #buffer: number[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
  }

  send(words: readonly string[]): Promise<unknown> {
    const command = async () => {
      const encoder = new TextEncoder();
      const text = `*${words.length}\r\n${
        words.map((word) => `$${encoder.encode(word).length}\r\n${word}\r\n`).join("")
      }`;
      let bytes = encoder.encode(text);
      while (bytes.length > 0) bytes = bytes.subarray(await this.#connection.write(bytes));
      return await this.#read();
    };
    const answer = this.#last.then(command, command);
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  close(): void {
    this.#connection.close();
  }

  async #read(): Promise<unknown> {
    const line = await this.#line();
    const rest = line.slice(1);
    switch (line[0]) {
      case "+":
        return rest;
      case "-":
        throw new Error(rest);
      case ":":
        return Number(rest);
      case "$": {
        if (rest === "-1") return null;
        const bytes = await this.#take(Number(rest) + 2);
        return new TextDecoder().decode(bytes.subarray(0, -2));
      }
      case "*": {
        const values: unknown[] = [];
        for (let left = Number(rest); left > 0; left--) values.push(await this.#read());
        return values;
      }
    }
    throw new Error(`Cannot read ${line}`);
  }

  async #line(): Promise<string> {
    let end: number;
    while ((end = this.#buffer.indexOf(10)) < 0) await this.#fill();
    return new TextDecoder().decode(await this.#take(end + 1)).trimEnd();
  }

  async #take(length: number): Promise<Uint8Array> {
    while (this.#buffer.length < length) await this.#fill();
    return new Uint8Array(this.#buffer.splice(0, length));
  }

  async #fill(): Promise<void> {
    const chunk = new Uint8Array(65_536);
    const length = await this.#connection.read(chunk);
    if (length === null) throw new Error("Cannot read as Redis has closed the connection");
    for (const byte of chunk.subarray(0, length)) this.#buffer.push(byte);
  }
}
