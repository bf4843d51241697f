import { assertEquals } from "@std/assert";
import { pasteFault } from "../../src/rest/_paste_fault.ts";

Deno.test("pasteFault() accepts secrets as issued, and custom ones", () => {
  const secrets = ["sk-proj-A_b-C", "ek_6820", "whsec_AQL6+/wACQ==", "a plain secret, ü", "v1secret", "", "a=b"];
  for (const secret of secrets) assertEquals(pasteFault(secret), undefined);
});

Deno.test("pasteFault() names characters pasted with a secret, and does not repeat it", () => {
  for (const secret of ["sk-canary", "whsec_canary="]) {
    const faults: readonly (readonly [string, string])[] = [
      [`"${secret}"`, "is in quotes"],
      [`'${secret}'`, "is in quotes"],
      [`“${secret}”`, "is in quotes"],
      [`${secret}"`, "is in quotes"],
      [` "${secret}"\n`, "is in quotes"],
      [`${secret}\n`, "contains a line break"],
      [`${secret.slice(0, 8)}\r\n${secret.slice(8)}`, "contains a line break"],
      [` ${secret}`, "is surrounded by blanks"],
      [`${secret}\t`, "is surrounded by blanks"],
      [`${secret}\u00a0`, "is surrounded by blanks"],
      [`v1,${secret}`, "begins with v1,"],
      [`Bearer ${secret}`, "begins with Bearer"],
      [`OPENAI_API_KEY=${secret}`, "begins with the name of a variable"],
      [`export KEY="${secret}"`.slice(7), "begins with the name of a variable"],
    ];
    for (const [text, words] of faults) assertEquals(pasteFault(text), words, text);
  }
});
