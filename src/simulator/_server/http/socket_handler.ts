// This module is browser compatible.
import { ServerError, serverError } from "../../_errors/server_error.ts";
import { protocolFor } from "../admission.ts";
import { decideConnection, type Serve } from "../connection.ts";
import { whenOpen } from "../server_socket.ts";
import type { Upgrade, Upgraded } from "../../upgrade/upgrade.ts";
import type { Exchange } from "./exchange.ts";

/** Upgrades a request to a WebSocket. It is opened even for rejected clients, to send them the reason. */
export function openSocket(exchange: Exchange): Response {
  return upgradeTo(exchange, decideConnection(exchange.client, exchange.service));
}

/** Upgrades an accepted request to a WebSocket, and serves it. */
export function upgradeTo({ client, request, service }: Exchange, serve: Serve): Response {
  if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
    throw serverError("not_a_websocket", {}, { headers: { upgrade: "websocket" } });
  }
  if (!service.upgrade) {
    throw new ServerError("Cannot upgrade to a WebSocket as the simulator was created without upgrade", {
      code: null,
      status: 501,
    });
  }
  const protocol = protocolFor(client.protocols, service.host.profile);
  const { response, socket } = upgradeWith(service.upgrade, request, protocol);
  whenOpen(socket, (opened) => service.isClosed() ? opened.close(1001) : serve(opened));
  return response;
}

/** A client of a WebSocket cannot read why an upgrade failed: the reason appears on the console, too. */
function upgradeWith(upgrade: Upgrade, request: Request, protocol: string | undefined): Upgraded {
  try {
    const upgraded: Partial<Upgraded> | undefined = upgrade(request, { protocol });
    if (upgraded?.response && upgraded.socket) return upgraded as Upgraded;
    throw new TypeError(
      "the option upgrade must return { response, socket }, as denoUpgrade(Deno.upgradeWebSocket) does",
    );
  } catch (error) {
    console.error("The simulator cannot upgrade a request to a WebSocket:", error);
    throw error;
  }
}
