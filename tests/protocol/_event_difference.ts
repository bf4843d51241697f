import type { InboundDifference as Received, OutboundDifference as Sent } from "./types/_type_difference.ts";

/** Events by type. */
export type ByType<Events extends { type: string }> = { [Type in Events["type"]]: Extract<Events, { type: Type }> };

type OneSided<Ours, Theirs> =
  | `${Exclude<keyof Ours & string, keyof Theirs>} is only in ours`
  | `${Exclude<keyof Theirs & string, keyof Ours>} is only in theirs`;

/** Where events that are received differ, event by event. */
export type ReceivedEvents<Ours, Theirs> =
  | OneSided<Ours, Theirs>
  | { [Type in keyof Ours & keyof Theirs & string]: Received<Ours[Type], Theirs[Type], Type> }[
    keyof Ours & keyof Theirs & string
  ];

/** Where events that are sent differ, event by event. */
export type SentEvents<Ours, Theirs> =
  | OneSided<Ours, Theirs>
  | { [Type in keyof Ours & keyof Theirs & string]: Sent<Ours[Type], Theirs[Type], Type> }[
    keyof Ours & keyof Theirs & string
  ];
