// This module is browser compatible.

/**
 * The members that a part adds to a session: its own, and those of its class. They act on the object of the part, as they
 * would there.
 *
 * @throws {TypeError} when the session has a member of this name.
 */
export function membersOf(part: string, api: object | undefined, session: object): PropertyDescriptorMap {
  const members: PropertyDescriptorMap = Object.create(null);
  for (let level = api; level && level !== Object.prototype; level = Object.getPrototypeOf(level)) {
    for (const name of Reflect.ownKeys(level)) {
      const isOwn = level === api;
      if (name in members || !isOwn && name === "constructor") continue;
      if (name in session) throw new TypeError(`${refusalOf(part)} as the session has a member ${String(name)}`);
      if (name === "then") {
        throw new TypeError(`${refusalOf(part)} as a member then would make a promise of the session`);
      }
      members[name] = toMember(api!, name, Object.getOwnPropertyDescriptor(level, name)!, isOwn);
    }
  }
  return members;
}

function toMember(api: object, name: PropertyKey, member: PropertyDescriptor, isOwn: boolean): PropertyDescriptor {
  const { enumerable = false, value } = member;
  if (isOwn && (member.get || member.set || typeof value === "function")) return member;
  if (typeof value === "function") return { ...member, value: value.bind(api) };
  // Not a copy, which would keep the value of now.
  return {
    configurable: true,
    enumerable,
    get: () => Reflect.get(api, name),
    set: (value) => void ((api as Record<PropertyKey, unknown>)[name] = value),
  };
}

function refusalOf(part: string): string {
  return `Cannot install part ${part}`;
}
