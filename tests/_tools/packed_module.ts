import { runCommand } from "./command.ts";
import { packModule } from "./pack.ts";
import { BUN, NODE } from "./runtimes.ts";
import { checked, type Step } from "./step.ts";

/** The program of someone who installed the tarball. */
const APP = "tests/fixtures/npm_app/app.ts";
/** What they have installed beside it. */
const INSTALLED = ["@types/node@22.20.5", "hono@4.13.19", "typescript@5.9.3", "valibot@1.5.0"];
/** The strictest settings that a caller may have: the declarations themselves are checked, too. */
const COMPILER_OPTIONS = {
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  target: "esnext",
  module: "nodenext",
  lib: ["esnext", "dom", "dom.iterable", "dom.asynciterable"],
  types: ["node"],
};

/** The step that packs the module for npm, installs the tarball, and lets a program use it on Node and on Bun. */
export function packedModuleStep(root: string): Step {
  return { name: "the npm tarball", run: async () => checked(await packedModuleViolations(root)) };
}

async function packedModuleViolations(root: string): Promise<readonly string[]> {
  const cwd = await Deno.makeTempDir();
  try {
    const tarball = await packModule(root, cwd);
    await Deno.copyFile(`${root}/${APP}`, `${cwd}/app.ts`);
    await Deno.writeTextFile(`${cwd}/package.json`, JSON.stringify({ private: true, type: "module" }));
    const config = { compilerOptions: COMPILER_OPTIONS, files: ["app.ts"] };
    await Deno.writeTextFile(`${cwd}/tsconfig.json`, JSON.stringify(config));
    const commands = [
      ["npm", "install", "--silent", "--no-audit", "--no-fund", tarball, ...INSTALLED],
      ["npx", "tsc"],
      ["npx", "-y", "-p", NODE, "node", "app.js"],
      ["npx", "-y", BUN, "app.ts"],
    ];
    for (const [command = "", ...args] of commands) {
      const { code, output } = await runCommand(command, args, { cwd });
      if (code !== 0) return [`${command} ${args.join(" ")}: ${output}`];
    }
    return [];
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}
