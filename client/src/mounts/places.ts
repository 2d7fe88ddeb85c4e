// Where mounts stand: each in a wrapper inside its target, or in a place beside <body> while the
// element around it is being replaced, so that nothing of what the user has in it is lost.
import { problem, report } from '../engine/errors'
import { move } from '../morph/keep'
import { select } from '../morph/leaving'
import { updateDefaults } from './defaults'
import { drop, dropAwaited, hasMounts, keep, mountOf, type Mount } from './mounts'

const WRAPPER = 'helio-mount'

const parking = document.createElement('helio-parking')
/** Those that have not stood in the page yet. */
const fresh = new WeakSet<Element>()

function targetOf(into: string): Element | undefined {
  const kind = into[0] === '#' ? 'id' : into[0] === '~' ? 'data-part' : 'data-slot'
  const found = select(`[${kind}=${CSS.escape(into.replace(/^[#~]/, ''))}]`)
  return found.find((el) => !parking.contains(el))
}

/** Moves a wrapper to where it belongs; false if there is no such place. */
function put(wrapper: Element, { into, mode }: Mount): boolean {
  const target = targetOf(into)
  if (!target) return false
  let before: Node | null = null
  if (mode === 'prepend') {
    before = target.firstChild
    // Several that come over from another place keep their order.
    while (!fresh.has(wrapper) && isWrapper(before, mode)) before = before.nextSibling
  }
  move(target, wrapper, before)
  fresh.delete(wrapper)
  return true
}

const isWrapper = (node: Node | null, ...modes: string[]): node is Element =>
  node instanceof Element &&
  node.localName === WRAPPER &&
  (!modes.length || modes.includes(mountOf(node)?.mode ?? ''))

/** Whether a node is a mount: no morph of what surrounds it touches it. */
export const isMount = (node: Node): boolean => isWrapper(node)

/** Before what the children of an element end: what is mounted behind them stays behind them. */
export function endOf(parent: Node): Node | null {
  let end: Node | null = null
  if (!hasMounts()) return end
  for (let node = parent.lastChild; isWrapper(node, 'append', 'inner'); node = node.previousSibling)
    end = node
  return end
}

/** Before what they begin. */
export function startOf(parent: Node): Node | null {
  let start = parent.firstChild
  while (isWrapper(start, 'prepend')) start = start.nextSibling
  return start
}

/** Makes the place of a mount. Whether its target is there is known at the end of the turn. */
export function make(mount: Mount): Element {
  const wrapper = document.createElement(WRAPPER)
  wrapper.dataset.into = mount.into
  wrapper.dataset.mode = mount.mode
  wrapper.style.display = 'contents'
  keep(wrapper, mount)
  fresh.add(wrapper)
  if (!put(wrapper, mount)) park(wrapper)
  return wrapper
}

function park(wrapper: Element): void {
  if (!parking.isConnected) document.documentElement.append(parking)
  move(parking, wrapper, null)
}

/** Removes an element. What is mounted in it waits for the end of the turn. */
export function discard(node: ChildNode): void {
  rescue(node)
  node.remove()
}

/** Takes what is mounted in an element out of it. */
export function rescue(top: Node): void {
  if (!hasMounts() || !(top instanceof Element)) return
  for (const wrapper of top.querySelectorAll(WRAPPER))
    // One that stands in another goes where that goes.
    if (mountOf(wrapper) && !top.contains(wrapper.parentElement!.closest(WRAPPER))) park(wrapper)
}

/** What is mounted in an element, or is to be, goes with it. */
export function dropMountsIn(top: Node): void {
  if (!(top instanceof Element)) return
  for (const wrapper of top.querySelectorAll(WRAPPER)) {
    const mount = mountOf(wrapper)
    if (mount) drop(mount.into, mount.key, false)
  }
  dropAwaited(({ into }) => {
    const target = targetOf(into)
    return !target || top.contains(target)
  })
}

/** At the end of a turn: puts every mount where it belongs, or ends it. */
export function placeMounts(): void {
  let left = [...parking.children]
  let before: number
  // The target of one may be in another.
  do {
    before = left.length
    left = left.filter((wrapper) => !put(wrapper, mountOf(wrapper)!))
  } while (left.length && left.length < before)
  for (const wrapper of left) {
    const { into } = mountOf(wrapper)!
    wrapper.remove()
    if (fresh.has(wrapper)) report({ attribute: WRAPPER }, problem('MountTargetNotFound', into))
  }
  parking.remove()
  if (hasMounts()) updateDefaults()
}
