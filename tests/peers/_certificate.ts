import { runCommand } from "../_tools/command.ts";

/** A certificate of this machine's own, which nobody trusts who is not told to. */
export interface Certificate extends AsyncDisposable {
  /** File of the certificate, PEM. */
  readonly certFile: string;
  /** File of its private key, PEM. */
  readonly keyFile: string;
}

/** Makes a certificate for the loopback address. */
export async function createCertificate(): Promise<Certificate> {
  const folder = await Deno.makeTempDir();
  const [certFile, keyFile] = [`${folder}/cert.pem`, `${folder}/key.pem`];
  // deno-fmt-ignore
  const { code, output } = await runCommand("openssl", [
    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
    "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE",
    "-keyout", keyFile, "-out", certFile,
  ], { cwd: folder });
  if (code !== 0) throw new Error(`Cannot make a certificate as openssl ended with code ${code}: ${output}`);
  return {
    certFile,
    keyFile,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
