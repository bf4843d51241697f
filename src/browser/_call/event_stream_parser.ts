// This module is browser compatible.

/** One event of a `text/event-stream`. */
export interface StreamedEvent {
  /** Its data, lines joined by line breaks. */
  readonly data: string;
  /** Id of the last event that had one. */
  readonly id: string;
}

/** Parses a `text/event-stream` that arrives in pieces cut anywhere. Pure. */
export class EventStreamParser {
  #rest = "";
  #data: string[] = [];
  #id = "";

  /** Takes a piece, and returns the complete events. */
  push(text: string): readonly StreamedEvent[] {
    const events: StreamedEvent[] = [];
    // A line ends with CR LF, LF or CR. A CR at the very end may be half of a CR LF.
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") {
        if (this.#data.length > 0) events.push({ data: this.#data.join("\n"), id: this.#id });
        this.#data = [];
        continue;
      }
      const [, field, value = ""] = /^([^:]*)(?:: ?([^]*))?$/.exec(line) ?? [];
      if (field === "data") this.#data.push(value);
      else if (field === "id" && !value.includes("\0")) this.#id = value;
    }
    return events;
  }
}
