// This module is browser compatible.

/**
 * The members that a part adds to a session: its own, and those of its class. They operate on the object of the part.
 *
 * @throws {TypeError} when the session already has a member of this name.
 */
export function membersOf(part: string, api: object | undefined, session: object): PropertyDescriptorMap {
  const members: PropertyDescriptorMap = Object.create(null);
  for (let level = api; level && level !== Object.prototype; level = Object.getPrototypeOf(level)) {
    const isOwn = level === api;
    for (const name of Reflect.ownKeys(level)) {
      if (name in members || !isOwn && name === "constructor") continue;
      const fault = name in session
        ? "as the session has a"
        : name === "then" && "as no promise may be made of it by a";
      if (fault) throw new TypeError(`Cannot install part ${part} ${fault} member ${String(name)}`);
      members[name] = toMember(api!, name, Object.getOwnPropertyDescriptor(level, name)!, isOwn);
    }
  }
  return members;
}

function toMember(api: object, name: PropertyKey, member: PropertyDescriptor, isOwn: boolean): PropertyDescriptor {
  const { enumerable = false, get, set, value } = member;
  if (typeof value === "function") return isOwn ? member : { ...member, value: value.bind(api) };
  if (isOwn && (get || set)) return member;
  // Not a copy, which would keep the current value.
  return {
    configurable: true,
    enumerable,
    get: () => Reflect.get(api, name),
    set: (value) => void ((api as Record<PropertyKey, unknown>)[name] = value),
  };
}
