import v8 from "node:v8";
import vm from "node:vm";

/** Frees everything that can be freed. Values of the current task are kept until its end. */
export async function collectGarbage(): Promise<void> {
  v8.setFlagsFromString("--expose-gc");
  const gc = vm.runInNewContext("gc") as () => void;
  await new Promise((resolve) => setTimeout(resolve, 0));
  gc();
}
