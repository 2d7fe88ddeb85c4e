// The page in its document: the element that opens its stream, and its root behind it. What is
// around them is the layout.
import { dropMountsIn } from '../mounts/places'
import { runnable } from '../morph/morph'
import { change, releaseFocus } from '../morph/turn'
import { ensureOpen } from '../net/stream'

const openerOf = (top: NonElementParentNode): HTMLElement | null =>
  top.getElementById('helio-page') as HTMLElement | null

/** The nodes of a page, from its opener to its root. */
function nodesOf(opener: Element): ChildNode[] | undefined {
  const nodes: ChildNode[] = []
  for (let node: ChildNode | null = opener; node; node = node.nextSibling) {
    nodes.push(node)
    if (node instanceof Element && node.hasAttribute('data-region')) return nodes
  }
  return undefined
}

/**
 * Puts a page in the place of the present one; false if that cannot be done within the layout.
 * `leaving` runs before, if it can.
 */
export function swap(next: NonElementParentNode, leaving = (): void => {}): boolean {
  const [here, there] = [openerOf(document), openerOf(next)]
  const old = here && nodesOf(here)
  const nodes = there && nodesOf(there)
  if (!old || !nodes || here.dataset.layout !== there.dataset.layout) return false
  leaving()
  change(() => {
    old.forEach(dropMountsIn)
    releaseFocus()
    // Scripts that once stood in another document do not run.
    for (const node of nodes) document.adoptNode(node)
    const ready = nodes.map((node) => (node instanceof Element ? runnable(node) : node))
    here.before(...ready)
    for (const node of old) node.remove()
    for (const node of ready) if (node instanceof Element) focusIn(node)
  })
  ensureOpen()
  return true
}

function focusIn(top: Element): void {
  const eager = top.matches('[autofocus]') ? top : top.querySelector('[autofocus]')
  ;(eager as HTMLElement | null)?.focus({ preventScroll: true })
}
