/** Makes a thing the first time that it is asked for by an owner; it goes when the owner goes. */
export function oneEach<Owner extends object, Thing>(make: (owner: Owner) => Thing): (owner: Owner) => Thing {
  const made = new WeakMap<Owner, Thing>();
  return (owner) => {
    const thing = made.get(owner) ?? make(owner);
    made.set(owner, thing);
    return thing;
  };
}
