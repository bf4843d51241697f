import { ConnectionError } from "@oai-rt/edge";
import { MicrophoneError, type MicrophoneErrorCode } from "@oai-rt/edge/browser";

/** The user's options after a failure. */
export type FailureAction = "retry" | "unblock" | "reload" | "choose-connection" | "choose-microphone" | "dismiss";

/** A description of a failure, with one action. */
export interface Failure {
  /** The failure, in one sentence. */
  readonly text: string;
  /** Action of the button. */
  readonly action: FailureAction;
  /** Label of the button. */
  readonly label: string;
}

const MICROPHONE: Readonly<Record<MicrophoneErrorCode, Failure>> = {
  insecure_context: {
    text: "Browsers allow the microphone only on secure pages: open this page over HTTPS or from localhost.",
    action: "reload",
    label: "Reload",
  },
  unsupported: {
    text: "This browser, or the page that embeds this one, does not let it use a microphone.",
    action: "reload",
    label: "Reload",
  },
  not_allowed: {
    text: "The microphone is blocked: allow it in the address bar or in the system's privacy settings.",
    action: "retry",
    label: "Ask again",
  },
  not_found: {
    text: "There is no such microphone: plug one in.",
    action: "choose-microphone",
    label: "Choose another",
  },
  in_use: { text: "Another program uses the microphone: close it there first.", action: "retry", label: "Try again" },
  timed_out: { text: "The request for the microphone was not answered.", action: "retry", label: "Ask again" },
  lost: {
    text: "The microphone was unplugged, and there is no other.",
    action: "choose-microphone",
    label: "Choose another",
  },
};

/** Explains why a call did not begin. */
export function explainFailure(error: unknown, isOnline: boolean): Failure {
  if (error instanceof MicrophoneError) return MICROPHONE[error.code];
  if (!isOnline) return { text: "You are offline: check your connection.", action: "retry", label: "Try again" };
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return {
      text: "The connection took too long: a firewall may block WebRTC. The relay often works.",
      action: "choose-connection",
      label: "Choose the relay",
    };
  }
  if (error instanceof ConnectionError) return explainConnection(error);
  const detail = error instanceof Error ? error.message : String(error);
  return { text: `Something unexpected failed: ${detail}`, action: "retry", label: "Try again" };
}

function explainConnection({ close, kind, message, status = 0 }: ConnectionError): Failure {
  if (kind === "closed" && close?.code === 1000) {
    const why = /^(idle|max_duration|quota)$/.test(close.reason) ? ": a limit was reached" : "";
    return { text: `The server ended the call${why}.`, action: "retry", label: "Call again" };
  }
  if (status === 401 || status === 403) {
    return { text: "You are not signed in, or are not allowed to call.", action: "reload", label: "Sign in again" };
  }
  if (status === 429 || status === 409) {
    return { text: "Too many conversations at the moment: wait a little.", action: "retry", label: "Try again" };
  }
  if (status >= 500) {
    return { text: "The voice service does not work at the moment.", action: "retry", label: "Try again" };
  }
  if (kind === "refused") return { text: `The call was refused: ${message}`, action: "retry", label: "Try again" };
  if (message.includes("firewall")) {
    return {
      text: "No sound gets through: a firewall may block WebRTC. The relay often works.",
      action: "choose-connection",
      label: "Choose the relay",
    };
  }
  return { text: "The server cannot be reached.", action: "retry", label: "Try again" };
}

/** Explains why a call ended; `undefined` when it ended as it should. */
export function explainEnd({ code, reason }: { code: number; reason: string }, isOnline: boolean): Failure | undefined {
  if (code === 1000) return undefined;
  if (!isOnline) return { text: "The call ended as you went offline.", action: "retry", label: "Call again" };
  if (code === 1001) return { text: "The session reached its time limit.", action: "retry", label: "Call again" };
  if (code === 1006) return { text: "The connection was lost.", action: "retry", label: "Call again" };
  if (code === 1008) {
    return { text: "The server ended the call: a limit was reached.", action: "retry", label: "Call again" };
  }
  const why = reason ? `: ${reason}` : "";
  return { text: `The other side ended the call${why}.`, action: "retry", label: "Call again" };
}

/** The browser lets the page make no sound before the user has clicked. */
export const PLAYBACK_BLOCKED: Failure = {
  text: "The browser blocks the sound of this page until you allow it.",
  action: "unblock",
  label: "Turn on sound",
};

/** The page has no network during a call. */
export const OFFLINE: Failure = {
  text: "You are offline: the call waits for the connection.",
  action: "dismiss",
  label: "Dismiss",
};

/** The browser does not let the page copy. */
export const COPY_REFUSED: Failure = {
  text: "The browser does not let this page copy: download the conversation instead.",
  action: "dismiss",
  label: "Dismiss",
};
