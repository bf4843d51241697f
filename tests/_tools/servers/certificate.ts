/** A self-signed certificate of this machine. */
export interface Certificate extends AsyncDisposable {
  /** File of the certificate, PEM. */
  readonly certFile: string;
  /** File of its private key, PEM. */
  readonly keyFile: string;
}

/** Tags of ASN.1. */
const [INTEGER, BITS, BYTES, OID, UTF8, SEQUENCE, SET, UTC_TIME] = [2, 3, 4, 6, 12, 0x30, 0x31, 0x17];
/** Object identifiers: ecdsa-with-SHA256, commonName, subjectAltName and basicConstraints. */
const ECDSA_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
const [COMMON_NAME, ALT_NAME, CONSTRAINTS] = [[0x55, 4, 3], [0x55, 0x1d, 17], [0x55, 0x1d, 19]];
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY_MS = 86_400_000;

/** Creates a self-signed certificate for `localhost` and 127.0.0.1, in a folder of its own. */
export async function createCertificate(): Promise<Certificate> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const [key, publicInfo] = await Promise.all([
    crypto.subtle.exportKey("pkcs8", privateKey),
    crypto.subtle.exportKey("spki", publicKey),
  ]);
  const content = tbsCertificate([...new Uint8Array(publicInfo)]);
  const signature = new Uint8Array(await crypto.subtle.sign(ALGORITHM, privateKey, Uint8Array.from(content)));
  const signed = der(SEQUENCE, number(signature.subarray(0, 32)), number(signature.subarray(32)));
  const certificate = der(SEQUENCE, content, der(SEQUENCE, der(OID, ECDSA_SHA256)), der(BITS, [0], signed));
  const folder = await Deno.makeTempDir();
  const [certFile, keyFile] = [`${folder}/cert.pem`, `${folder}/key.pem`];
  await Deno.writeTextFile(certFile, pem("CERTIFICATE", Uint8Array.from(certificate)));
  await Deno.writeTextFile(keyFile, pem("PRIVATE KEY", new Uint8Array(key)));
  return { certFile, keyFile, [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
}

/** The part to be signed. It is not that of an authority, which clients would reject as a server. */
function tbsCertificate(publicInfo: number[]): number[] {
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, der(OID, COMMON_NAME), der(UTF8, text("localhost")))));
  const now = Date.now();
  const validity = der(SEQUENCE, time(now - DAY_MS), time(now + DAY_MS));
  const names = der(SEQUENCE, der(0x82, text("localhost")), der(0x87, [127, 0, 0, 1]));
  const isCritical = [1, 1, 255];
  const extensions = der(
    SEQUENCE,
    der(SEQUENCE, der(OID, ALT_NAME), der(BYTES, names)),
    der(SEQUENCE, der(OID, CONSTRAINTS), isCritical, der(BYTES, der(SEQUENCE))),
  );
  const version = der(0xa0, der(INTEGER, [2]));
  const serial = number(crypto.getRandomValues(new Uint8Array(8)));
  const algorithm = der(SEQUENCE, der(OID, ECDSA_SHA256));
  return der(SEQUENCE, version, serial, algorithm, name, validity, name, publicInfo, der(0xa3, extensions));
}

/** A value of ASN.1 as the distinguished encoding rules write it. */
function der(tag: number, ...contents: readonly number[][]): number[] {
  const content = contents.flat();
  const { length } = content;
  const long = length < 128 ? [] : length < 256 ? [0x81] : [0x82, length >> 8];
  return [tag, ...long, length & 255, ...content];
}

/** A non-negative number without superfluous leading zeros. */
function number(bytes: Uint8Array): number[] {
  const significant = [...bytes.subarray(Math.max(0, bytes.findIndex((byte) => byte !== 0)))];
  return der(INTEGER, significant[0]! > 127 ? [0, ...significant] : significant);
}

function time(ms: number): number[] {
  return der(UTC_TIME, text(`${new Date(ms).toISOString().replace(/\..*|\D/g, "").slice(2)}Z`));
}

function text(value: string): number[] {
  return [...new TextEncoder().encode(value)];
}

function pem(label: string, bytes: Uint8Array<ArrayBuffer>): string {
  const lines = bytes.toBase64().match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}
