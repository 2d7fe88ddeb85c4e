// Which present node becomes which new node, among the children of one parent.
import { idOf } from '../engine/dom'
import { hasMounts } from '../mounts/mounts'
import { isMount } from '../mounts/places'
import { isMountedIn } from './holds'
import { hasLeavers, isLeaving } from './leaving'
import { isForeign } from './served'

/** The elements with an id that exists, once and with the same tag, on both sides. */
export type Ids = Map<string, Element>

/**
 * How far ahead an equal neighbour is looked for before nodes without identity are paired in
 * order.
 */
const WINDOW = 8

/**
 * What tells an element from its siblings: its id, its `data-key`, `data-part`, `data-region` or
 * `data-slot`; for a field its name (else what it is bound to) and type; in the head what each tag
 * is known by.
 */
export function keyOf(node: Node): string | undefined {
  if (node.nodeType !== Node.ELEMENT_NODE) return undefined
  const el = node as Element
  const id = idOf(el)
  if (id) return `#${id}`
  const get = (name: string): string | null => el.getAttribute(name)
  const key = get('data-key') ?? get('data-part') ?? get('data-region') ?? get('data-slot')
  if (key !== null) return `=${key}`
  switch (el.localName) {
    case 'input':
    case 'select':
    case 'textarea': {
      const name = get('name') ?? get('data-bind')
      // Several boxes share a name: the value tells them apart.
      return name === null
        ? undefined
        : name + (/^(radio|checkbox)$/.test(get('type') ?? '') ? `=${get('value')}` : '')
    }
    case 'meta':
      return get('name') ?? get('property') ?? get('http-equiv') ?? undefined
    case 'link':
      return `${get('rel')} ${get('href')}`
    case 'script':
      return get('src') ?? undefined
    default:
      return undefined
  }
}

/** An element's own key, or the first id inside of it that exists on both sides. */
function identity(node: Node, ids: Ids): string | undefined {
  const key = keyOf(node)
  if (key !== undefined || !ids.size || node.nodeType !== Node.ELEMENT_NODE) return key
  const found = (node as Element).querySelector('[id]')
  const inner = found && idOf(found)
  return inner && ids.has(inner) ? `>${inner}` : undefined
}

/** What a node can never change: its tag, and the type of an input. */
const kindOf = (node: Node): string =>
  node.nodeName + (node instanceof HTMLInputElement ? (node.getAttribute('type') ?? '') : '')

const sameKind = (old: Node, next: Node): boolean =>
  kindOf(old) === kindOf(next) && (old as Element).namespaceURI === (next as Element).namespaceURI

/** Whether a node without a key may become this one: an id may be gained, never lost or changed. */
function gains(next: Node, ids: Ids): boolean {
  const key = keyOf(next)
  return key === undefined || (key[0] === '#' && !ids.has(key.slice(1)))
}

export interface Pairing {
  /** For each new node the present node it is made of, if any. */
  partners: (Node | undefined)[]
  /** For each new node whether its partner may stay where it is. */
  stays: boolean[]
  /** Present nodes that nothing new is made of. */
  left: Node[]
}

/**
 *     pair equal identities from the front, then from the back
 *     of what lies between:
 *       pair nodes with the same identity, wherever they stand
 *       pair the rest of each tag in order, but an equal node nearby first
 *     the longest run of pairs in rising order stays; the others are moved
 */
export function pair(olds: readonly Node[], news: readonly Node[], ids: Ids): Pairing {
  const partners: (Node | undefined)[] = new Array<Node | undefined>(news.length)
  const stays: boolean[] = new Array<boolean>(news.length).fill(false)
  const sameLength = olds.length === news.length
  const certain = (old: Node, next: Node): boolean => {
    if (!sameKind(old, next)) return false
    const name = identity(next, ids)
    if (name !== identity(old, ids)) return false
    return name !== undefined || sameLength || old.isEqualNode(next)
  }
  const fix = (old: number, next: number): void => {
    partners[next] = olds[old]
    stays[next] = true
  }

  let start = 0
  let oldEnd = olds.length
  let newEnd = news.length
  while (start < oldEnd && start < newEnd && certain(olds[start]!, news[start]!))
    fix(start, start++)
  while (oldEnd > start && newEnd > start && certain(olds[oldEnd - 1]!, news[newEnd - 1]!))
    fix(--oldEnd, --newEnd)
  if (start === oldEnd) return { partners, stays, left: [] }

  const rest = olds.slice(start, oldEnd)
  const taken = new Set<Node>()
  if (start < newEnd) {
    byIdentity(rest, news, start, newEnd, ids, partners, taken)
    inOrder(rest, news, start, newEnd, ids, partners, taken)
    rising(rest, partners, stays, start, newEnd)
  }
  return { partners, stays, left: rest.filter((node) => !taken.has(node)) }
}

function byIdentity(
  rest: Node[],
  news: readonly Node[],
  start: number,
  end: number,
  ids: Ids,
  partners: (Node | undefined)[],
  taken: Set<Node>,
): void {
  const named = new Map<string, Node[]>()
  for (const node of rest) {
    const name = identity(node, ids)
    if (name === undefined) continue
    const same = named.get(kindOf(node) + name)
    if (same) same.push(node)
    else named.set(kindOf(node) + name, [node])
  }
  for (let at = start; named.size && at < end; at++) {
    const name = identity(news[at]!, ids)
    const partner = name === undefined ? undefined : named.get(kindOf(news[at]!) + name)?.shift()
    if (!partner) continue
    partners[at] = partner
    taken.add(partner)
  }
}

function inOrder(
  rest: Node[],
  news: readonly Node[],
  start: number,
  end: number,
  ids: Ids,
  partners: (Node | undefined)[],
  taken: Set<Node>,
): void {
  const pools = new Map<string, Node[]>()
  for (const node of rest) {
    if (taken.has(node) || keyOf(node) !== undefined) continue
    const pool = pools.get(kindOf(node))
    if (pool) pool.push(node)
    else pools.set(kindOf(node), [node])
  }
  const positions = new Map<string, number>()
  for (let at = start; at < end; at++) {
    const next = news[at]!
    const pool = partners[at] ? undefined : pools.get(kindOf(next))
    if (!pool || !gains(next, ids)) continue
    const from = positions.get(kindOf(next)) ?? 0
    const found = nearby(pool, from, next, news, at, end)
    if (found < 0) continue
    positions.set(kindOf(next), found + 1)
    partners[at] = pool[found]
    taken.add(pool[found]!)
  }
}

function nearby(
  pool: Node[],
  from: number,
  next: Node,
  news: readonly Node[],
  at: number,
  end: number,
): number {
  if (from >= pool.length) return -1
  if (next.nodeType !== Node.ELEMENT_NODE) return from
  const last = Math.min(pool.length, from + WINDOW)
  for (let here = from; here < last; here++) if (pool[here]!.isEqualNode(next)) return here
  // A node that a later sibling is equal to waits for it.
  return soon(pool[from]!, news, at, end) ? -1 : from
}

function soon(old: Node, news: readonly Node[], at: number, end: number): boolean {
  for (let ahead = at + 1; ahead < Math.min(end, at + 1 + WINDOW); ahead++) {
    if (old.isEqualNode(news[ahead]!)) return true
  }
  return false
}

/** Marks the longest rising run of present positions: those pairs need no move. */
function rising(
  rest: Node[],
  partners: (Node | undefined)[],
  stays: boolean[],
  start: number,
  end: number,
): void {
  const position = new Map(rest.map((node, index) => [node, index]))
  const tails: number[] = [] // New positions that end the best run of each length.
  const before: number[] = []
  const place = (at: number): number => position.get(partners[at]!)!
  for (let at = start; at < end; at++) {
    if (!partners[at]) continue
    let low = 0
    let high = tails.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (place(tails[middle]!) < place(at)) low = middle + 1
      else high = middle
    }
    before[at] = low ? tails[low - 1]! : -1
    tails[low] = at
  }
  for (let at = tails.at(-1) ?? -1; at >= 0; at = before[at]!) stays[at] = true
}

/**
 * The children that the server answers for: what the page put straight into head or body is left
 * alone, what is mounted is no part of what surrounds it, and what is leaving is there no more.
 */
export function servedChildren(parent: Node): Node[] {
  const all = [...parent.childNodes]
  const outer = parent === document.head || parent === document.body
  return outer || hasMounts() || hasLeavers()
    ? all.filter((node) => !isMount(node) && !isLeaving(node) && !(outer && isForeign(node)))
    : all
}

/** Ids that exist once on each side, on elements of the same tag. */
export function commonIds(olds: readonly Node[], next: ParentNode & Node): Ids {
  const common: Ids = new Map()
  const theirs = olds.length ? idsIn(next) : common
  if (!theirs.size) return common
  for (const node of olds) {
    if (node.nodeType !== Node.ELEMENT_NODE) continue
    for (const [id, el] of idsIn(node as Element)) {
      const other = theirs.get(id)
      if (el && other && other.nodeName === el.nodeName) common.set(id, el)
    }
  }
  return common
}

function idsIn(top: ParentNode & Node): Map<string, Element | undefined> {
  const found = new Map<string, Element | undefined>()
  const note = (el: Element): void => void found.set(idOf(el), found.has(idOf(el)) ? undefined : el)
  if (top instanceof Element && idOf(top)) note(top)
  for (const el of top.querySelectorAll('[id]')) if (!hasMounts() || !isMountedIn(top, el)) note(el)
  return found
}
