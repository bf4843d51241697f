/**
 * Draws `docs/demo.svg` from a real run of the demo with the embedded simulator: `deno task picture`.
 *
 * @module
 */
import { runDeno } from "../_tools/command.ts";
import { ROOT } from "../_tools/repository.ts";

/** Characters after which a line is cut, and sizes in pixels. */
const [COLUMNS, CHARACTER, LINE, MARGIN] = [110, 7.8, 19, 16];

const COLOURS: Readonly<Record<string, string>> = {
  you: "#56b6c2",
  assistant: "#98c379",
  tool: "#c678dd",
  cut: "#e5c07b",
};

/** Draws the output of the demo; lines with only a level are omitted. */
export function drawRun(output: string): string {
  const lines = output.trimEnd().split("\n").filter((line) => !/\[[#-]{10}\]/.test(line));
  const [width, height] = [COLUMNS * CHARACTER + 2 * MARGIN, lines.length * LINE + 2 * MARGIN];
  const texts = lines.map((line, index) => {
    const [, who = ""] = /^ *[\d.]+ s {2}(\w+)/.exec(line) ?? [];
    const cut = line.length > COLUMNS ? `${line.slice(0, COLUMNS - 1)}…` : line;
    const text = cut.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    return `<text x="${MARGIN}" y="${MARGIN + 14 + index * LINE}" fill="${COLOURS[who] ?? "#abb2bf"}">${text}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" role="img">
<title>A conversation with the demo</title>
<rect width="100%" height="100%" rx="8" fill="#1e2127"/>
<g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13" xml:space="preserve">
${texts.join("\n")}
</g>
</svg>
`;
}

if (import.meta.main) {
  const folder = await Deno.makeTempDir();
  try {
    const args = ["run", "-A", "--no-check", `${ROOT}/examples/demo/main.ts`, "--simulator"];
    const { code, output } = await runDeno(args, { cwd: folder });
    if (code !== 0) throw new Error(output);
    await Deno.writeTextFile(`${ROOT}/docs/demo.svg`, drawRun(output));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
