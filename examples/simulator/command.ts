/**
 * Starts a server; its error names the port.
 *
 * @throws {Error} when the port is in use or may not be used, or the certificate is no good.
 */
export function listen<Server>(start: () => Server, port: number): Server {
  try {
    return start();
  } catch (error) {
    const isAddress = error instanceof Deno.errors.AddrInUse || error instanceof Deno.errors.PermissionDenied;
    throw new Error(`Cannot ${isAddress ? `listen on port ${port}` : "serve TLS"}: ${messageOf(error)}`);
  }
}

/** The message of an error, on one line. */
export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
