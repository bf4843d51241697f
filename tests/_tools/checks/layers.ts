import type { Import } from "../imports.ts";
import { isLibraryFile, type Repository } from "../repository.ts";

/** The parts of the library, with the layer each belongs to: a part may import the parts of lower layers. */
const LAYERS: Readonly<Record<string, number>> = {
  "src/errors.ts": 0,
  "src/_internal/": 0,
  "src/protocol/": 1,
  "src/audio/": 1,
  "src/transport/": 2,
  "src/rest/": 2,
  "src/webrtc/": 2,
  "src/session/": 3,
  "src/tools/": 3,
  "src/_media/": 2,
  "src/_rest/": 1,
  "src/_recovery/": 3,
  "src/_tools/": 3,
  "src/connect_options.ts": 3,
  "src/connect.ts": 4,
  "src/connect_transcription.ts": 5,
  "src/connect_translation.ts": 5,
  "src/transcription/": 4,
  "src/translation/": 4,
  "src/voice/": 4,
  "src/browser/": 5,
  "src/hono/": 6,
  "src/live/": 5,
  "src/simulator/": 4,
  "mod.ts": 6,
};

/** Imports between two parts of one layer that the architecture allows. */
const SIDEWAYS: ReadonlySet<string> = new Set([
  "src/_internal/ -> src/errors.ts",
  "src/errors.ts -> src/_internal/",
  "src/_tools/ -> src/tools/",
  "src/browser/ -> src/live/",
  "src/connect_options.ts -> src/session/",
  "src/session/ -> src/_recovery/",
  "src/session/ -> src/_tools/",
  "src/session/ -> src/tools/",
  "src/voice/ -> src/connect.ts",
  "src/webrtc/ -> src/rest/",
  "src/webrtc/ -> src/transport/",
]);

/** Imports that point down but are restricted or forbidden. */
const NARROWED: readonly { from: string; to: RegExp; allowed: (edge: Import) => boolean; rule: string }[] = [
  {
    from: "src/session/",
    to: /^src\/transport\//,
    allowed: ({ typeOnly }) => typeOnly,
    rule: "session sees the Transport interface only: import types",
  },
  {
    from: "src/_recovery/",
    to: /^src\/transport\//,
    allowed: ({ typeOnly }) => typeOnly,
    rule: "recovery sees the Transport interface only: import types",
  },
  {
    from: "src/simulator/",
    to: /^src\/transport\//,
    allowed: ({ to, typeOnly }) =>
      /\/(?:memory|socket_transport)\.ts$/.test(to ?? "") || (typeOnly && /\/(?:socket|transport)\.ts$/.test(to ?? "")),
    rule: "simulator sees memory.ts, socket_transport.ts and the types of transport.ts and socket.ts only",
  },
  {
    from: "src/simulator/",
    to: /^src\/(?:rest|webrtc|session|tools)\//,
    allowed: () => false,
    rule: "simulator is the other side of the wire: it shares protocol and audio, nothing of the client",
  },
  {
    from: "src/live/",
    to: /^src\/(?:session\/|connect\.ts$)/,
    allowed: () => false,
    rule: "live imports nothing of session: the two APIs differ too much",
  },
  {
    from: "mod.ts",
    to: /^src\/(?:rest|webrtc|live|hono|simulator)\//,
    allowed: () => false,
    rule: "the main entry point must not drag in what has an entry point of its own",
  },
];

/** The packages that the library may import, and the parts that may. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "@noble/hashes": ["src/hono/"],
  // Not in the audio path, which uses the platform's base64.
  "@std/encoding": ["src/hono/"],
  "hono": ["src/hono/"],
  "valibot": ["src/hono/", "src/protocol/", "src/simulator/", "src/tools/"],
};

/** Lists the imports of the library that the architecture does not allow. */
export function layerViolations({ imports }: Pick<Repository, "imports">): readonly string[] {
  return imports.filter(({ from }) => isLibraryFile(from)).flatMap((edge) => {
    const rule = brokenRule(edge);
    return rule === undefined ? [] : [`${edge.from} must not import ${edge.specifier}: ${rule}`];
  });
}

function brokenRule(edge: Import): string | undefined {
  const part = partOf(edge.from);
  if (part === undefined) return `${edge.from} belongs to no layer`;
  if (!/^\.{1,2}\//.test(edge.specifier)) return brokenPackageRule(part, edge.specifier);
  const target = edge.to === undefined ? undefined : partOf(edge.to);
  if (edge.to === undefined || target === undefined) return "it is no part of the library";
  if (reachesPrivate(edge.from, edge.to)) return "it is private to its folder";
  if (part === target) return undefined;
  const down = layerOf(target) < layerOf(part) || SIDEWAYS.has(`${part} -> ${target}`);
  if (!down) return `${target} is not below ${part}`;
  return NARROWED.find(({ from, to, allowed }) => from === part && to.test(edge.to ?? "") && !allowed(edge))?.rule;
}

function brokenPackageRule(part: string, specifier: string): string | undefined {
  const name = specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
  const parts = PACKAGES[name];
  if (parts === undefined) return "it is no package that the library depends on";
  return parts.includes(part) ? undefined : `only ${parts.join(", ")} may`;
}

function partOf(path: string): string | undefined {
  return Object.keys(LAYERS).find((part) => path === part || (part.endsWith("/") && path.startsWith(part)));
}

function layerOf(part: string): number {
  return LAYERS[part] ?? Infinity;
}

/**
 * Whether `to` lies in a `_private` file or folder whose parent folder does not contain `from`. The main entry point
 * counts as inside `src/`.
 */
function reachesPrivate(from: string, to: string): boolean {
  const importer = from === "mod.ts" ? "src/mod.ts" : from;
  const names = to.split("/");
  return names.some((name, index) =>
    name.startsWith("_") && !importer.startsWith(`${names.slice(0, index).join("/")}/`)
  );
}
