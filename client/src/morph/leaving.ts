// What leaves its place in a turn: what the same turn brings under the same name, in whatever
// region, is that element, with all that the user has in it. So what steps take away stays where it
// is until the turn ends, and a batch is looked through for it before any of it takes effect.
import { idOf } from '../engine/dom'
import { isMountedIn } from './holds'

interface Candidate {
  el: Element
  region: Element | null
  /** Its own region brings it again: it goes to no other. */
  back: boolean
  taken: boolean
}

const candidates = new Map<Node, Candidate>()
const byName = new Map<string, Candidate[]>()
/** These go at the end of the turn. */
const leaving = new Set<Node>()

const NAMED = '[id],[data-part],[data-region]'

/**
 * The names by which steps address an element: its part's name, `#` and its id, `@` and its
 * region's key.
 */
function namesOf(el: Element): string[] {
  const part = el.getAttribute('data-part')
  const region = el.getAttribute('data-region')
  const id = idOf(el)
  return [part ?? '', id && `#${id}`, region ? `@${region}` : ''].filter(Boolean)
}

const regionOf = (el: Element | null): Element | null => el?.closest('[data-region]') ?? null

/** Says that an element will leave its place, or may. */
export function announce(el: Element, back: boolean): void {
  if (candidates.has(el)) return
  const one = { el, region: regionOf(el.parentElement), back, taken: false }
  candidates.set(el, one)
  for (const name of namesOf(el)) {
    const same = byName.get(name)
    if (same) same.push(one)
    else byName.set(name, [one])
  }
}

/** Every id, part and region that HTML names; what is written otherwise is not missed for long. */
export function namesIn(html: string): Set<string> {
  const all = html.matchAll(/\s(?:id|data-part|data-region)="([^"]*)"/g)
  return new Set(Array.from(all, ([, name]) => name!))
}

/** Announces what an element has in it and its new HTML has not. */
export function announceMissing(top: Element, names: Set<string>): void {
  for (const el of top.querySelectorAll(NAMED)) {
    const stays = namesOf(el).some((name) => names.has(name.replace(/^[#@]/, '')))
    // What is mounted there stays, whatever becomes of its surroundings.
    if (!stays && !isMountedIn(top, el)) announce(el, false)
  }
}

/** Takes an element away at the end of the turn. */
export function leave(el: Element): void {
  announce(el, false)
  candidates.get(el)!.taken = false
  leaving.add(el)
}

/** Whether an element is leaving, or one around it: it is not what an address means. */
export function isGone(el: Element): boolean {
  for (let at: Node | null = leaving.size ? el : null; at; at = at.parentNode)
    if (leaving.has(at)) return true
  return false
}

/** What a selector means on the page. */
export const select = (selector: string): Element[] =>
  [...document.querySelectorAll(selector)].filter((el) => !isGone(el))

export const hasLeavers = (): boolean => leaving.size > 0

export const isLeaving = (node: Node): boolean => leaving.has(node)

/** Whether what a region had under this name has gone elsewhere in this turn. */
export const wasTaken = (name: string, region: Element): boolean =>
  byName.get(name)?.some((one) => one.taken && one.region === region) ?? false

/** It has found its place. */
export function stay(node: Node): void {
  if (!candidates.size) return
  leaving.delete(node)
  const one = candidates.get(node)
  if (one) one.taken = true
}

/** The leaving element that a new one under this parent is, if any. */
export function leaverFor(next: Element, parent: Node): Element | undefined {
  if (!candidates.size) return undefined
  const own = regionOf(parent instanceof Element ? parent : null)
  const all = namesOf(next)
    .flatMap((name) => byName.get(name) ?? [])
    .filter(
      ({ el, region, back, taken }) =>
        !taken &&
        el.nodeName === next.nodeName &&
        (!back || region === own) &&
        !el.parentElement?.closest('[data-ignore-morph]'),
    )
  return (all.find(({ region }) => region === own) ?? all[0])?.el
}

/** Whether a tree has in it what a leaving element is wanted for. */
export const brings = (next: Element, parent: Node): boolean =>
  candidates.size > 0 && [...next.querySelectorAll(NAMED)].some((el) => leaverFor(el, parent))

/** Keeps until the end of the turn what may be wanted, or has in it what may be; else false. */
export function keepLeaver(node: Node): boolean {
  if (!candidates.size || !(node instanceof Element)) return false
  if (![node, ...node.querySelectorAll(NAMED)].some((el) => candidates.get(el)?.taken === false))
    return false
  leaving.add(node)
  return true
}

/** The turn is over: nobody wanted these. */
export function takeLeavers(): Node[] {
  const left = [...leaving]
  leaving.clear()
  candidates.clear()
  byName.clear()
  return left
}
