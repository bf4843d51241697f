// This module is browser compatible.
import type { OptionNames } from "../_internal/check_options.ts";
import { anAbortSignal, aNumber, aString } from "../_internal/option_kinds.ts";
import { ANY_ANSWER, type RestBody, type RestCall } from "../_rest/rest_call.ts";
import type { EventIssue } from "../errors.ts";
import {
  checkCallAcceptRequest,
  checkCallCreateRequest,
  checkCallReferRequest,
  checkCallRejectRequest,
  checkClientSecretRequest,
  checkTranslationClientSecretRequest,
} from "../protocol/rest/check_rest_body.ts";
import type {
  CallCreateRequest,
  ClientSecretResponse,
  TranslationClientSecretResponse,
} from "../protocol/rest/rest_bodies.ts";
import { clientSecretAnswer } from "./_client_secret.ts";
import { callBody, SDP_ANSWER } from "./_sdp.ts";
import type { RejectCallOptions, RestBodyOptions, RestCallOptions } from "./rest_options.ts";

/** The calls of one kind, without path and body. */
export interface CallKind<Result, Body = unknown> extends Omit<RestCall<Result>, "path" | "body"> {
  /** Name of the body in errors. */
  readonly name?: string;
  /** Finds the faults of a body. */
  readonly find: (body: Body) => readonly EventIssue[];
  /**
   * Writes a body.
   *
   * @default {jsonBody}
   */
  readonly write?: (body: Body) => RestBody;
  /** Names of the options. */
  readonly known: Readonly<Record<string, unknown>>;
}

const CALL_NAMES: OptionNames<RestCallOptions> = {
  signal: anAbortSignal,
  timeoutMs: aNumber,
  safetyIdentifier: aString,
};
const BODY_NAMES: OptionNames<RestBodyOptions> = { ...CALL_NAMES, check: 1 };
const REJECT_NAMES: OptionNames<RejectCallOptions> = { ...CALL_NAMES, statusCode: 1 };

export const SECRET: CallKind<ClientSecretResponse> = {
  action: "create a client secret",
  name: "ClientSecretRequest",
  find: checkClientSecretRequest,
  known: BODY_NAMES,
  wanted: clientSecretAnswer(),
  isRepeatable: true,
};

export const TRANSLATION_SECRET: CallKind<TranslationClientSecretResponse> = {
  action: "create a translation client secret",
  name: "TranslationClientSecretRequest",
  find: checkTranslationClientSecretRequest,
  known: BODY_NAMES,
  wanted: clientSecretAnswer(),
  isRepeatable: true,
};

export const CALL = {
  action: "create a call",
  name: "CallCreateRequest",
  find: checkCallCreateRequest,
  write: callBody,
  known: BODY_NAMES,
  wanted: SDP_ANSWER,
  isRepeatable: false,
};

export const TRANSLATION_CALL = {
  ...CALL,
  action: "create a translation call",
  known: CALL_NAMES,
  find: (request: CallCreateRequest): readonly EventIssue[] => {
    const value = request?.session;
    const message = "is not a field of a translation call: create its client secret with the settings";
    return value === undefined ? checkCallCreateRequest(request) : [{ path: "session", message, value }];
  },
};

/** The calls that control a call, by the last part of their path. */
export const CONTROLS = {
  accept: {
    action: "accept a call",
    name: "CallAcceptRequest",
    find: checkCallAcceptRequest,
    known: BODY_NAMES,
    wanted: ANY_ANSWER,
    isRepeatable: false,
  },
  reject: {
    action: "reject a call",
    name: "CallRejectRequest",
    find: checkCallRejectRequest,
    known: REJECT_NAMES,
    wanted: ANY_ANSWER,
    isRepeatable: true,
  },
  refer: {
    action: "refer a call",
    name: "CallReferRequest",
    find: checkCallReferRequest,
    known: CALL_NAMES,
    wanted: ANY_ANSWER,
    isRepeatable: false,
  },
  hangup: {
    action: "hang up a call",
    find: (): readonly EventIssue[] => [],
    known: CALL_NAMES,
    wanted: ANY_ANSWER,
    isRepeatable: true,
  },
} satisfies Record<string, CallKind<true>>;
