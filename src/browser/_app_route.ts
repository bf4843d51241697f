// This module is browser compatible.

/**
 * Address of a route of the edge app that is mounted at `url`, which may be relative to the page, or be the address of the
 * route already.
 *
 * @category Browser
 *
 * @throws {TypeError} when it is not a valid URL.
 */
export function routeOf(
  url: string | URL,
  route: "calls" | "relay" | "client_secrets" | "live/relay" | "live/sessions",
): string {
  const base = "location" in globalThis
    ? (globalThis as unknown as { location?: { href: string } }).location?.href
    : undefined;
  const address = URL.parse(String(url), base);
  if (!address) throw new TypeError(`Cannot reach the edge app as its address must be a URL: current value is ${url}`);
  const path = address.pathname.replace(/\/+$/, "");
  if (!path.endsWith(`/${route}`)) address.pathname = `${path}/${route}`;
  address.hash = "";
  return address.href;
}

/**
 * Address of a resource of a call below the address of its route, whose query is kept.
 *
 * @category Browser
 */
export function callRoute(route: string, callId: string, resource: "events" | "hangup"): string {
  const address = new URL(route);
  address.pathname += `/${encodeURIComponent(callId)}/${resource}`;
  return address.href;
}
