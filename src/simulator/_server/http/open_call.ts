// This module is browser compatible.
import {
  checkCallCreateRequest,
  checkTranslationClientSecretRequest,
  type RealtimeSessionConfig,
  type TranslationSessionCreateConfig,
} from "../../../protocol/mod.ts";
import { authenticate } from "../authentication.ts";
import { answerInForm, withoutMedia } from "../../_calls/sdp_answer.ts";
import { parseOffer } from "../../_calls/sdp_offer.ts";
import type { ClientSecret } from "../client_secrets.ts";
import type { SessionKind, SessionSpec } from "../../_session/session_spec.ts";
import { existingModel, modelIn, type ModelKind, specOfSecret } from "../session_choice.ts";
import { READABLE_BY_PAGES } from "./cors.ts";
import type { Exchange } from "./exchange.ts";
import { assertValid, type OfferBody, readOffer } from "./request_body.ts";
import { overridden, realtimeSpec, translationSpec } from "./session_config.ts";

/** The kinds of session that a client secret may start where calls of a kind are made. */
const KINDS: Readonly<Record<ModelKind, readonly SessionKind[]>> = {
  realtime: ["realtime", "transcription"],
  translation: ["translation"],
};

/** Headers of an SDP answer, as recorded. */
const HEADERS = { ...READABLE_BY_PAGES, "content-type": "text/plain; charset=utf-8", "timing-allow-origin": "*" };

/** Answers the offer of a WebRTC call, whose session begins. */
export function createCall(exchange: Exchange): Promise<Response> {
  return openCall(exchange, "realtime");
}

/** Answers the offer of a WebRTC call that translates. */
export function createTranslationCall(exchange: Exchange): Promise<Response> {
  return openCall(exchange, "translation");
}

async function openCall(exchange: Exchange, kind: ModelKind): Promise<Response> {
  const { client, request, service: { answerSdp, calls, policy, tellNoMedia } } = exchange;
  const secret = authenticate(client, policy);
  const body = await readOffer(request);
  const offer = parseOffer(body.sdp);
  const call = calls.open("webrtc", specOfCall(exchange, kind, body, secret));
  call.isOfSecret = secret !== undefined;
  if (!answerSdp) tellNoMedia(call.id, "answerSdp");
  try {
    const answer = answerSdp ? await answerSdp(body.sdp, call) : withoutMedia(answerInForm(offer), "answerSdp");
    const location = `${client.url.pathname.replace(/\/+$/, "")}/${call.id}`;
    return new Response(answer, { status: 201, headers: { ...HEADERS, location } });
  } catch (error) {
    call.end({ reason: "closed" });
    throw error;
  }
}

/**
 * The session of a call: that of the client secret, overridden by that of the form, or without either that of the model
 * in the address.
 */
function specOfCall(
  exchange: Exchange,
  kind: ModelKind,
  { sdp, session }: OfferBody,
  secret: ClientSecret | undefined,
): SessionSpec {
  const asked = { url: exchange.client.url, policy: exchange.service.policy };
  if (session === undefined) {
    if (secret) return specOfSecret(secret, KINDS[kind], asked);
    return { kind, model: existingModel(modelIn(asked.url), kind, asked) };
  }
  const config = secret && specOfSecret(secret, [kind], asked).config;
  if (kind === "translation") {
    assertValid({ session }, checkTranslationClientSecretRequest);
    return translationSpec(overridden(config, session as TranslationSessionCreateConfig), asked);
  }
  assertValid({ sdp, session }, checkCallCreateRequest);
  return realtimeSpec(overridden(config, session as RealtimeSessionConfig), asked, "session.model");
}
