// What steps take away stays where it is until the turn ends. What the same turn brings under the
// same name, in whatever region, is that element, with all that the user has in it.
import { idOf } from '../engine/dom'

interface Leaving {
  el: Element
  region: Element
  /** Its own region brings it again: it goes to no other. */
  back: boolean
  /** Known before its step has come. */
  early: boolean
}

const byName = new Map<string, Leaving[]>()
const waiting = new Set<Node>()

/**
 * The names by which steps address an element: its part's name, `#` and its id, `@` and its
 * region's key.
 */
function namesOf(el: Element): string[] {
  const part = el.getAttribute('data-part')
  const region = el.getAttribute('data-region')
  return [part, `#${idOf(el)}`, region && `@${region}`].filter((name) => name && name !== '#') as
    string[]
}

export const isLeaving = (node: Node): boolean => waiting.has(node)

/** Takes an element away at the end of the turn. */
export function leave(
  el: Element,
  name: string,
  region: Element,
  { back = false, early = false } = {},
): void {
  const same = byName.get(name)
  const one = { el, region, back, early }
  if (same) same.push(one)
  else byName.set(name, [one])
  waiting.add(el)
}

/** Whether it was said before that this step will come. */
export function wasAnnounced(name: string, region: Element): boolean {
  const one = byName.get(name)?.find((other) => other.early && other.region === region)
  if (one) one.early = false
  return !!one
}

/** It has found another place. */
export function stay(node: Node): void {
  waiting.delete(node)
}

/** The leaving element that a new one under this parent is, if any. */
export function leaverFor(next: Element, parent: Node): Element | undefined {
  if (!waiting.size) return undefined
  const own = (parent as Element).closest?.('[data-region]')
  const all = namesOf(next)
    .flatMap((name) => byName.get(name) ?? [])
    .filter(
      ({ el, region, back }) =>
        waiting.has(el) && el.nodeName === next.nodeName && (!back || region === own),
    )
  return (all.find(({ region }) => region === own) ?? all[0])?.el
}

/** Whether a tree has in it what a leaving element is wanted for. */
export const brings = (next: Element, parent: Node): boolean =>
  waiting.size > 0 &&
  [...next.querySelectorAll('[id],[data-part],[data-region]')].some((el) => leaverFor(el, parent))

/** The turn is over: nobody wanted these. */
export function takeLeavers(): Node[] {
  const left = [...waiting]
  waiting.clear()
  byName.clear()
  return left
}
