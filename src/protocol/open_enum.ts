// This module is browser compatible.

/**
 * One of the strings this version knows, or any other: the API adds values without notice. The known ones complete in
 * an editor.
 *
 * @category Types
 */
export type OpenEnum<Known extends string> = Known | (string & Record<never, never>);
