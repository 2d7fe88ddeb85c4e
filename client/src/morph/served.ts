// What the server last said of an attribute that the page has changed since: the third side of a
// three-way merge. Only attributes that were changed on the page are remembered.

const served = new WeakMap<Element, Map<string, string | null>>()

/** Remembers the value an attribute had before the page first changed it. */
export function noteServed(el: Element, name: string, value: string | null): void {
  let values = served.get(el)
  if (!values) served.set(el, (values = new Map()))
  if (!values.has(name)) values.set(name, value)
}

/**
 * What the page shows is what the server says, in a whole tree: there is nothing to remember of
 * it.
 */
export function forgetServed(top: Element): void {
  served.delete(top)
  for (const el of top.querySelectorAll('*')) served.delete(el)
}

/** What the server last said of an attribute. */
export const lastServed = (el: Element, name: string): string | null => {
  const values = served.get(el)
  return values?.has(name) ? values.get(name)! : el.getAttribute(name)
}

/** Whether anything of the element was changed on the page. */
export const servedOf = (el: Element): Map<string, string | null> | undefined => served.get(el)

const foreign = new WeakSet<Node>()

/** Remembers that the page itself, not the server, put this node straight into head or body. */
export function noteForeign(node: Node): void {
  foreign.add(node)
}

export const isForeign = (node: Node): boolean => foreign.has(node)

const written = new WeakMap<Element, string>()

/** Says that a plugin writes the children of an element for as long as it has the attribute. */
export function ownContent(el: Element, attribute: string): void {
  written.set(el, attribute)
}

/** Whether the children of `old` are a plugin's and stay so in `next`. */
export function contentIsOwned(old: Element, next: Element): boolean {
  const attribute = written.get(old)
  return attribute !== undefined && old.hasAttribute(attribute) && next.hasAttribute(attribute)
}
