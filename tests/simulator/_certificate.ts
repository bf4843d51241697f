/** A certificate that signs itself, and its key: files in PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** Makes a certificate for this machine, with the command openssl. */
export async function makeCertificate(folder: string): Promise<Certificate> {
  const [certificate, key] = [`${folder}/certificate.pem`, `${folder}/key.pem`];
  const args = ["req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-days", "2"];
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  // The client refuses an authority that is a server, too.
  const leaf = ["-addext", "basicConstraints=critical,CA:FALSE"];
  const { code, stderr } = await new Deno.Command("openssl", {
    args: [...args, ...names, ...leaf, "-keyout", key, "-out", certificate],
  }).output();
  if (code !== 0) throw new Error(`openssl ended with code ${code}: ${new TextDecoder().decode(stderr)}`);
  return { certificate, key };
}
