// Runs programs in one process, four at a time, and prints a line for each that ends: `node _run_programs.mjs a.ts b.ts`.
// The process ends once none of them has left anything open, as each would on its own.
import process from "node:process";
import { pathToFileURL } from "node:url";

const CONCURRENCY = 4;
const waiting = process.argv.slice(2);

async function work() {
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    try {
      await import(pathToFileURL(path).href);
      console.log(`\nended: ${path}`);
    } catch (error) {
      console.error(`\nfailed: ${path}:`, error);
      process.exitCode = 1;
    }
  }
}

await Promise.all(Array.from({ length: CONCURRENCY }, work));
