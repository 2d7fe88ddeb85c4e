// Makes a part of the page equal to new HTML by changing as little as possible, so that what the
// user has there (focus, caret, typed text, scroll, open panels, playing media) is still there.
import { morphAttributes } from './attributes'
import { morphField } from './fields'
import { keepFocus, move } from './keep'
import { commonIds, pair, servedChildren, type Ids } from './match'
import { idOf } from '../engine/dom'
import { discard, endOf } from '../mounts/places'
import { brings, isLeaving, keepLeaver, leaverFor, stay } from './leaving'
import { contentIsOwned, forgetServed } from './served'

interface Run {
  /** Elements of the page by ids that exist on both sides: they are moved, never made again. */
  ids: Ids
  /** Those of them that have found their place. */
  placed: Set<Node>
  /**
   * Nodes with no place in the new HTML. They go last, so that what is inside can move out
   * first.
   */
  doomed: Node[]
  fresh: Element[]
}

/**
 *     children of a parent, old and new:
 *       pair them (match.ts)
 *       from the first new node to the last:
 *         has it a partner:        put the partner here unless it stays, then morph it
 *         is its id elsewhere, or does an element of its name leave: move that here, then morph it
 *         does it hold such an id: make an empty copy here, then do its children the same way
 *         otherwise:               insert it
 *       what was not paired is removed at the end of the whole morph
 *     an element and its new form:
 *       equal: nothing; both say data-ignore-morph: nothing; a script that differs: run the new one
 *       otherwise merge attributes (attributes.ts), keep field state (fields.ts), do the children
 */
function children(
  parent: Node,
  olds: readonly Node[],
  news: readonly Node[],
  end: Node | null,
  run: Run,
): void {
  const { partners, stays, left } = pair(olds, news, run.ids)
  run.doomed.push(...left)
  while (end && isLeaving(end)) end = end.nextSibling
  // Where a node goes that is not there yet: before the next one that stays.
  const anchors: (Node | null)[] = new Array<Node | null>(news.length)
  let anchor = end
  for (let at = news.length - 1; at >= 0; at--) {
    anchors[at] = anchor
    if (stays[at]) anchor = partners[at]!
  }
  news.forEach((next, at) => {
    const partner = partners[at] ?? elsewhere(parent, next, run)
    if (!partner) insert(parent, next, anchors[at]!, run)
    else {
      if (run.ids.size) run.placed.add(partner)
      stay(partner)
      if (!stays[at]) move(parent, partner, anchors[at]!)
      node(partner, next, run)
    }
  })
}

/**
 * The element with the id of a new one, if it stands under another parent of the same morph, or
 * one that leaves another place in the same turn.
 */
function elsewhere(parent: Node, next: Node, run: Run): Node | undefined {
  const el =
    next instanceof Element ? (run.ids.get(idOf(next)) ?? leaverFor(next, parent)) : undefined
  return el && !run.placed.has(el) && !el.contains(parent) ? el : undefined
}

function insert(parent: Node, next: Node, before: Node | null, run: Run): void {
  if (!(next instanceof Element)) {
    parent.insertBefore(next, before)
    return
  }
  if (next.localName !== 'template') {
    const awaited =
      run.ids.size > 0 &&
      [...next.querySelectorAll('[id]')].some((el) => {
        const old = run.ids.get(idOf(el))
        return old && !run.placed.has(old)
      })
    if (awaited || brings(next, parent)) {
      const shell = document.importNode(next, false)
      parent.insertBefore(shell, before)
      run.fresh.push(shell)
      children(shell, [], [...next.childNodes], null, run)
      return
    }
  }
  const fresh = runnable(next)
  parent.insertBefore(fresh, before)
  run.fresh.push(fresh)
}

/** Parsed scripts do not run; copies made here do. */
export function runnable<T extends Element>(el: T): T {
  if (el.localName === 'script') return script(el as never) as never
  for (const inner of el.querySelectorAll('script')) inner.replaceWith(script(inner))
  return el
}

function script(old: HTMLScriptElement): HTMLScriptElement {
  const copy = document.createElement('script')
  for (const { name, value } of old.attributes) copy.setAttribute(name, value)
  copy.textContent = old.textContent
  return copy
}

function node(old: Node, next: Node, run: Run): void {
  if (old instanceof Element) element(old, next as Element, run)
  else if (old.nodeValue !== next.nodeValue) old.nodeValue = next.nodeValue
}

function element(old: Element, next: Element, run: Run): void {
  if (old.isEqualNode(next)) {
    forgetServed(old)
    return
  }
  if (old.hasAttribute('data-ignore-morph') && next.hasAttribute('data-ignore-morph')) return
  if (old.localName === 'script') {
    old.replaceWith(runnable(next))
    return
  }
  const after = morphField(old, next)
  morphAttributes(old, next)
  if (old instanceof HTMLTemplateElement) {
    if (old.innerHTML !== next.innerHTML)
      old.content.replaceChildren((next as HTMLTemplateElement).content)
  } else if (!contentIsOwned(old, next) && old.localName !== 'textarea' && !isEdited(old)) {
    children(old, servedChildren(old), [...next.childNodes], endOf(old), run)
  }
  after?.()
}

/** Rich text that is being written belongs to whoever writes it. */
const isEdited = (el: Element): boolean =>
  (el as HTMLElement).isContentEditable && el.contains(document.activeElement)

function morph(olds: readonly Node[], next: ParentNode & Node, work: (run: Run) => void): void {
  const run: Run = { ids: commonIds(olds, next), placed: new Set(), doomed: [], fresh: [] }
  const restore = keepFocus()
  work(run)
  for (const node of run.doomed)
    if (!run.placed.has(node) && !keepLeaver(node)) discard(node as ChildNode)
  restore()
  // Only what is new may ask for the focus.
  for (const el of run.fresh) {
    const eager = el.matches('[autofocus]') ? el : el.querySelector('[autofocus]')
    if (eager) (eager as HTMLElement).focus()
  }
}

/** Parses HTML into nodes that are not part of the page yet. */
export function parse(html: string): DocumentFragment {
  const template = document.createElement('template')
  template.innerHTML = html
  return template.content
}

/** Puts new nodes in the place of an element, which becomes one of them. */
export function morphOuter(old: Element, next: ParentNode & Node): void {
  const nodes = [...next.childNodes]
  const only = next.children.length === 1 ? next.children[0]! : undefined
  morph([old], next, (run) => {
    if (only && only.nodeName === old.nodeName && only.namespaceURI === old.namespaceURI)
      element(old, only, run)
    else children(old.parentNode!, [old], nodes, old.nextSibling, run)
  })
}

/** Makes the children of an element those of another node. */
export function morphInner(old: Element, next: ParentNode & Node): void {
  morph([old], next, (run) => {
    if (!isEdited(old)) children(old, servedChildren(old), [...next.childNodes], endOf(old), run)
  })
}

/** Puts new nodes under a parent; those whose element leaves another place are that element. */
export function morphInsert(parent: Node, next: ParentNode & Node, before: Node | null): void {
  morph([], next, (run) => children(parent, [], [...next.childNodes], before, run))
}

/** Makes the whole document another one; what scripts put beside head and body stays. */
export function morphDocument(next: Document): void {
  const { documentElement, head, body } = document
  morph([documentElement], next, (run) => {
    morphAttributes(documentElement, next.documentElement)
    element(head, next.head, run)
    element(body, next.body, run)
  })
}
