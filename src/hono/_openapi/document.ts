// Written by `deno task openapi`: not by hand.

/** The routes of the app, as OpenAPI describes them. */
export const OPENAPI: Readonly<Record<string, unknown>> = {
  "openapi": "3.1.0",
  "info": {
    "title": "Realtime edge app",
    "version": "0.1.0",
    "description": "Voice sessions for pages that never see the key.",
  },
  "paths": {
    "/client_secrets": {
      "post": {
        "operationId": "mintClientSecret",
        "summary": "Mint a client secret",
        "requestBody": {
          "content": { "application/json": { "schema": { "$ref": "#/components/schemas/SessionWish" } } },
        },
        "responses": {
          "200": {
            "description": "The secret",
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/ClientSecret" } } },
          },
          "400": { "$ref": "#/components/responses/Problem" },
          "403": { "$ref": "#/components/responses/Problem" },
          "405": { "$ref": "#/components/responses/Problem" },
          "409": { "$ref": "#/components/responses/Problem" },
          "413": { "$ref": "#/components/responses/Problem" },
          "415": { "$ref": "#/components/responses/Problem" },
          "429": { "$ref": "#/components/responses/Problem" },
          "500": { "$ref": "#/components/responses/Problem" },
          "502": { "$ref": "#/components/responses/Problem" },
          "503": { "$ref": "#/components/responses/Problem" },
          "504": { "$ref": "#/components/responses/Problem" },
        },
      },
    },
    "/calls": {
      "post": {
        "operationId": "createCall",
        "summary": "Start a WebRTC call",
        "parameters": [{
          "name": "Idempotency-Key",
          "in": "header",
          "schema": { "type": "string" },
          "description": "A repetition with the same key gets the same call.",
        }],
        "requestBody": {
          "required": true,
          "content": {
            "application/sdp": { "schema": { "type": "string" } },
            "application/json": { "schema": { "$ref": "#/components/schemas/Offer" } },
          },
        },
        "responses": {
          "201": {
            "description": "The call",
            "headers": {
              "Location": { "schema": { "type": "string" } },
              "X-Realtime-Call-Id": { "schema": { "type": "string" } },
              "X-Realtime-Call-Token": { "schema": { "type": "string" } },
            },
            "content": {
              "application/sdp": { "schema": { "type": "string" } },
              "application/json": { "schema": { "$ref": "#/components/schemas/Call" } },
            },
          },
          "400": { "$ref": "#/components/responses/Problem" },
          "403": { "$ref": "#/components/responses/Problem" },
          "405": { "$ref": "#/components/responses/Problem" },
          "409": { "$ref": "#/components/responses/Problem" },
          "413": { "$ref": "#/components/responses/Problem" },
          "415": { "$ref": "#/components/responses/Problem" },
          "422": { "$ref": "#/components/responses/Problem" },
          "429": { "$ref": "#/components/responses/Problem" },
          "500": { "$ref": "#/components/responses/Problem" },
          "502": { "$ref": "#/components/responses/Problem" },
          "503": { "$ref": "#/components/responses/Problem" },
          "504": { "$ref": "#/components/responses/Problem" },
        },
      },
    },
    "/calls/{callId}/hangup": {
      "post": {
        "operationId": "hangUpCall",
        "summary": "Hang up a call",
        "parameters": [{ "name": "callId", "in": "path", "required": true, "schema": { "type": "string" } }, {
          "name": "X-Realtime-Call-Token",
          "in": "header",
          "schema": { "type": "string" },
          "description": "As it came with the call.",
        }],
        "responses": {
          "204": { "description": "The call has ended" },
          "400": { "$ref": "#/components/responses/Problem" },
          "403": { "$ref": "#/components/responses/Problem" },
          "405": { "$ref": "#/components/responses/Problem" },
          "500": { "$ref": "#/components/responses/Problem" },
          "502": { "$ref": "#/components/responses/Problem" },
          "503": { "$ref": "#/components/responses/Problem" },
          "504": { "$ref": "#/components/responses/Problem" },
        },
      },
    },
    "/calls/{callId}/events": {
      "get": {
        "operationId": "followCall",
        "summary": "Follow a call by server-sent events",
        "parameters": [{ "name": "callId", "in": "path", "required": true, "schema": { "type": "string" } }, {
          "name": "X-Realtime-Call-Token",
          "in": "header",
          "schema": { "type": "string" },
          "description": "As it came with the call.",
        }, {
          "name": "call_token",
          "in": "query",
          "schema": { "type": "string" },
          "description": "For an EventSource.",
        }, {
          "name": "Last-Event-ID",
          "in": "header",
          "schema": { "type": "string" },
          "description": "Go on after this event.",
        }],
        "responses": {
          "200": {
            "description": "The events; the last one is call.ended",
            "content": { "text/event-stream": { "schema": { "type": "string" } } },
          },
          "400": { "$ref": "#/components/responses/Problem" },
          "403": { "$ref": "#/components/responses/Problem" },
          "404": { "$ref": "#/components/responses/Problem" },
          "405": { "$ref": "#/components/responses/Problem" },
          "500": { "$ref": "#/components/responses/Problem" },
          "502": { "$ref": "#/components/responses/Problem" },
          "503": { "$ref": "#/components/responses/Problem" },
          "504": { "$ref": "#/components/responses/Problem" },
        },
      },
    },
    "/webhooks": {
      "post": {
        "operationId": "receiveWebhook",
        "summary": "Take a webhook of OpenAI",
        "description": "There when the server takes telephone calls. Signed by Standard Webhooks.",
        "responses": {
          "200": { "description": "Taken" },
          "400": { "$ref": "#/components/responses/Problem" },
          "403": { "$ref": "#/components/responses/Problem" },
          "405": { "$ref": "#/components/responses/Problem" },
          "413": { "$ref": "#/components/responses/Problem" },
          "415": { "$ref": "#/components/responses/Problem" },
          "500": { "$ref": "#/components/responses/Problem" },
          "502": { "$ref": "#/components/responses/Problem" },
          "503": { "$ref": "#/components/responses/Problem" },
          "504": { "$ref": "#/components/responses/Problem" },
        },
      },
    },
    "/relay": {
      "get": {
        "operationId": "openRelay",
        "summary": "Open a session over a WebSocket",
        "parameters": [{
          "name": "resume",
          "in": "query",
          "schema": { "type": "string" },
          "description": "Token of a relay to come back to.",
        }, {
          "name": "last_event_id",
          "in": "query",
          "schema": { "type": "string" },
          "description": "The last event that was seen.",
        }, {
          "name": "heartbeat",
          "in": "query",
          "schema": { "type": "string" },
          "description": "The page answers relay.ping.",
        }],
        "responses": {
          "101": { "description": "The session, in the events of the Realtime API" },
          "400": { "$ref": "#/components/responses/Problem" },
          "403": { "$ref": "#/components/responses/Problem" },
          "405": { "$ref": "#/components/responses/Problem" },
          "409": { "$ref": "#/components/responses/Problem" },
          "410": { "$ref": "#/components/responses/Problem" },
          "426": { "$ref": "#/components/responses/Problem" },
          "429": { "$ref": "#/components/responses/Problem" },
          "500": { "$ref": "#/components/responses/Problem" },
          "503": { "$ref": "#/components/responses/Problem" },
          "504": { "$ref": "#/components/responses/Problem" },
        },
      },
    },
    "/health": {
      "get": {
        "operationId": "health",
        "summary": "Whether the server takes requests",
        "responses": {
          "200": {
            "description": "It does",
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Health" } } },
          },
          "503": {
            "description": "It is about to stop",
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Health" } } },
          },
        },
      },
    },
    "/openapi.json": {
      "get": {
        "operationId": "openApi",
        "summary": "This document",
        "responses": {
          "200": {
            "description": "This document",
            "content": { "application/json": { "schema": { "type": "object" } } },
          },
        },
      },
    },
  },
  "components": {
    "responses": {
      "Problem": {
        "description": "What went wrong",
        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
      },
    },
    "schemas": {
      "Session": {
        "type": "object",
        "properties": {
          "type": { "type": "string", "description": "Kind of session, as the server decided it." },
          "audio": {
            "type": "object",
            "properties": {
              "input": {
                "type": "object",
                "properties": {
                  "format": { "type": "object" },
                  "noise_reduction": { "type": ["null", "object"] },
                  "transcription": { "type": ["null", "object"], "properties": { "language": { "type": "string" } } },
                  "turn_detection": { "type": ["null", "object"] },
                },
              },
              "output": {
                "type": "object",
                "properties": {
                  "format": { "type": "object" },
                  "language": { "type": "string" },
                  "speed": { "type": "number" },
                  "voice": { "type": ["string", "object"] },
                },
              },
            },
          },
          "include": { "type": "array" },
          "instructions": { "type": "string" },
          "max_output_tokens": { "type": "number" },
          "model": { "type": "string" },
          "output_modalities": { "type": "array" },
          "parallel_tool_calls": { "type": "boolean" },
          "prompt": { "type": "object", "properties": { "variables": { "type": ["null", "object"] } } },
          "reasoning": { "type": "object", "properties": { "effort": { "type": "string" } } },
          "tool_choice": { "type": ["string", "object"] },
          "truncation": { "type": ["string", "object"] },
        },
        "additionalProperties": false,
        "description":
          "What a page may set of its session, as far as the server leaves it to pages; other fields are refused.",
      },
      "SessionWish": {
        "type": "object",
        "additionalProperties": false,
        "properties": { "session": { "$ref": "#/components/schemas/Session" } },
      },
      "Offer": {
        "type": "object",
        "additionalProperties": false,
        "required": ["sdp"],
        "properties": { "sdp": { "type": "string" }, "session": { "$ref": "#/components/schemas/Session" } },
      },
      "ClientSecret": {
        "type": "object",
        "required": ["value", "expires_at"],
        "properties": {
          "value": { "type": "string" },
          "expires_at": { "type": "integer", "description": "Unix time in seconds" },
        },
      },
      "Call": {
        "type": "object",
        "required": ["sdp", "call_id", "call_token"],
        "properties": {
          "sdp": { "type": "string" },
          "call_id": { "type": "string" },
          "call_token": { "type": "string" },
        },
      },
      "Health": { "type": "object", "required": ["status"], "properties": { "status": { "enum": ["ok", "closing"] } } },
      "Problem": {
        "type": "object",
        "required": ["error"],
        "properties": {
          "error": {
            "type": "object",
            "required": ["type", "code", "message", "param", "request_id"],
            "properties": {
              "type": { "enum": ["invalid_request_error", "server_error"] },
              "code": {
                "enum": [
                  "invalid_request",
                  "invalid_sdp",
                  "invalid_override",
                  "data_channel_not_allowed",
                  "webhook_refused",
                  "not_authorized",
                  "origin_not_allowed",
                  "override_not_allowed",
                  "invalid_call_token",
                  "not_found",
                  "call_not_found",
                  "method_not_allowed",
                  "client_gone",
                  "concurrency_limit_exceeded",
                  "relay_not_found",
                  "body_too_large",
                  "unsupported_media_type",
                  "idempotency_key_reused",
                  "upgrade_required",
                  "rate_limit_exceeded",
                  "quota_exceeded",
                  "internal_error",
                  "upstream_refused",
                  "upstream_unreachable",
                  "upstream_busy",
                  "store_unavailable",
                  "shutting_down",
                  "timed_out",
                ],
              },
              "message": { "type": "string" },
              "param": { "type": ["string", "null"] },
              "request_id": { "type": "string" },
            },
          },
        },
      },
    },
  },
};
