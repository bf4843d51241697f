import { runCases } from "./_run_cases.ts";
import { serverTarget } from "./_target.ts";

/** A Cloudflare Worker that answers any request with the outcome of the cases. */
export default {
  async fetch(_request: Request, env: { readonly SIMULATOR_URL: string }): Promise<Response> {
    return Response.json(await runCases(serverTarget(env.SIMULATOR_URL)));
  },
};
