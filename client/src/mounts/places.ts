// Where mounts stand: the holder inside its target, or a place beside <body> while the element
// around it is being replaced, so that nothing of what the user has in it is lost.
import { problem, report } from '../engine/errors'
import { move } from '../morph/keep'
import { updateDefaults } from './defaults'
import { hasMounts, hold, mountOf, type Mount } from './mounts'

const HOLDER = 'helio-mount'

const parking = document.createElement('helio-parking')
/** Those that have not stood in the page yet. */
const fresh = new WeakSet<Element>()

function targetOf(into: string): Element | undefined {
  const kind = into[0] === '#' ? 'id' : into[0] === '~' ? 'data-part' : 'data-slot'
  const found = document.querySelectorAll(`[${kind}=${CSS.escape(into.replace(/^[#~]/, ''))}]`)
  return [...found].find((el) => !parking.contains(el))
}

/** Moves a holder to where it belongs; false if there is no such place. */
function put(holder: Element, { into, mode }: Mount): boolean {
  const target = targetOf(into)
  if (!target) return false
  let before: Node | null = null
  if (mode === 'prepend') {
    before = target.firstChild
    // Several that come over from another place keep their order.
    while (!fresh.has(holder) && isHolder(before, mode)) before = before.nextSibling
  }
  move(target, holder, before)
  fresh.delete(holder)
  return true
}

const isHolder = (node: Node | null, ...modes: string[]): node is Element =>
  node instanceof Element &&
  node.localName === HOLDER &&
  (!modes.length || modes.includes(mountOf(node)?.mode ?? ''))

/** Whether a node holds a mount: no morph of what surrounds it touches it. */
export const isMount = (node: Node): boolean => isHolder(node)

/** Before what the children of an element end: what is mounted behind them stays behind them. */
export function endOf(parent: Node): Node | null {
  let end: Node | null = null
  for (let node = parent.lastChild; isHolder(node, 'append', 'inner'); node = node.previousSibling)
    end = node
  return end
}

/** Before what they begin. */
export function startOf(parent: Node): Node | null {
  let start = parent.firstChild
  while (isHolder(start, 'prepend')) start = start.nextSibling
  return start
}

/** Makes the holder of a mount. Whether its target is there is known at the end of the turn. */
export function make(mount: Mount): Element {
  const holder = document.createElement(HOLDER)
  holder.dataset.into = mount.into
  holder.dataset.mode = mount.mode
  holder.style.display = 'contents'
  hold(holder, mount)
  fresh.add(holder)
  if (!put(holder, mount)) park(holder)
  return holder
}

function park(holder: Element): void {
  if (!parking.isConnected) document.documentElement.append(parking)
  move(parking, holder, null)
}

/** Removes an element. What is mounted in it waits for the end of the turn. */
export function discard(node: ChildNode): void {
  rescue(node)
  node.remove()
}

/** Takes what is mounted in an element out of it. */
export function rescue(top: Node): void {
  if (!hasMounts() || !(top instanceof Element)) return
  for (const holder of top.querySelectorAll(HOLDER))
    // One that stands in another goes where that goes.
    if (mountOf(holder) && !top.contains(holder.parentElement!.closest(HOLDER))) park(holder)
}

/** At the end of a turn: puts every mount where it belongs, or ends it. */
export function placeMounts(): void {
  for (const holder of [...parking.children]) {
    const mount = mountOf(holder)!
    if (put(holder, mount)) continue
    holder.remove()
    if (fresh.has(holder))
      report({ attribute: HOLDER }, problem('MountTargetNotFound', mount.into))
  }
  parking.remove()
  if (hasMounts()) updateDefaults()
}
