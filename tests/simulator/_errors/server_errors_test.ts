import { assert, assertEquals } from "@std/assert";
import type { ErrorRow } from "../../../src/simulator/_errors/error_row.ts";
import { SERVER_ERRORS, serverError } from "../../../src/simulator/_errors/server_error.ts";

const SOURCES = new URL("../../../src/simulator/", import.meta.url);
const ROWS = Object.entries<ErrorRow>(SERVER_ERRORS);

/** Failures of the simulator itself, which the real server does not have. */
const OWN = /The simulator is closed|the simulator was created without upgrade|The simulator failed/;

/** The first words of refusals, each of which has a row. */
const WORDS = /["`](?:Rate limit reached|You exceeded|The server had an error|Missing required|Invalid (?:type|value))/;

async function* sourcesBelow(folder: URL): AsyncGenerator<[path: string, text: string]> {
  for await (const { isDirectory, name } of Deno.readDir(folder)) {
    const url = new URL(isDirectory ? `${name}/` : name, folder);
    if (isDirectory) yield* sourcesBelow(url);
    else yield [url.pathname.slice(SOURCES.pathname.length), await Deno.readTextFile(url)];
  }
}

Deno.test("Every row of the error table states its source", () => {
  for (const [name, { date, known, source, words }] of ROWS) {
    const isAssumed = known === "assumed";
    assertEquals(source === "none", isAssumed, `${name} has a source unless it is assumed`);
    assertEquals(date === undefined, isAssumed, `${name} has a date unless it is assumed`);
    if (isAssumed) assertEquals(words, "assumed", name);
    if (date) assert(/^20\d\d(?:-\d\d)?$/.test(date), name);
  }
  const share = (field: "known" | "words") =>
    `${ROWS.filter(([, row]) => row[field] === "assumed").length} of ${ROWS.length}`;
  console.log(`Errors of the simulator: ${share("known")} are assumed, the words of ${share("words")} are`);
});

Deno.test("All errors that the simulator sends are in the error table", async () => {
  const unused = new Set(ROWS.map(([name]) => name));
  for await (const [path, text] of sourcesBelow(SOURCES)) {
    // The Live API is another product with its own messages.
    if (/^(?:_errors|_?live)\//.test(path)) continue;
    for (const name of unused) if (text.includes(`"${name}"`)) unused.delete(name);
    assertEquals(text.match(WORDS), null, `${path} has words of the server's`);
    for (const [statement] of text.matchAll(/new ServerError\([^;]*;/g)) {
      assert(OWN.test(statement), `${path}: ${statement}`);
    }
  }
  // Composed of a kind of number and a limit, and by invalidValue().
  for (const kind of ["integer", "decimal"]) {
    for (const side of ["below_min", "above_max"]) unused.delete(`${kind}_${side}`);
  }
  unused.delete("invalid_value");
  assertEquals([...unused], []);
});

Deno.test("serverError() fills in the placeholders of its row", () => {
  const { code, message, param, type } = serverError("integer_below_min", { param: "session.x", bound: 1, value: 0 });
  assertEquals([type, code, param], ["invalid_request_error", "integer_below_min_value", "session.x"]);
  assertEquals(message, "Invalid 'session.x': integer below minimum value. Expected a value >= 1, but got 0 instead.");
  for (const [name, row] of ROWS) {
    const names = [...`${row.text}${row.param ?? ""}${row.code ?? ""}`.matchAll(/\{(\w+)\}/g)].map(([, key = ""]) =>
      key
    );
    const error = serverError(
      name as keyof typeof SERVER_ERRORS,
      Object.fromEntries(names.map((key) => [key, `<${key}>`])),
    );
    assert(!/[{}]/.test(error.message), name);
    for (const key of names) {
      assert(`${error.message}${error.param}${error.code}`.includes(`<${key}>`), `${name}: ${key}`);
    }
  }
});
