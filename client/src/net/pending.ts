// data-pending: on an element while the page does not show yet what its command has changed.
import { noteServed } from '../morph/served'

const counts = new WeakMap<Element, number>()

/** Begins; the returned function ends it. Several commands of one element count together. */
export function pending(el: Element): () => void {
  counts.set(el, (counts.get(el) ?? 0) + 1)
  // The server does not write it, so a morph leaves it.
  noteServed(el, 'data-pending', el.getAttribute('data-pending'))
  el.setAttribute('data-pending', '')
  return () => {
    const left = counts.get(el)! - 1
    counts.set(el, left)
    if (!left) el.removeAttribute('data-pending')
  }
}
