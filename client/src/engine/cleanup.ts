// The clean-up registry: whatever an element starts is ended here when it leaves the page.
import { report } from './errors'

export type Cleanup = () => void

interface Entry {
  end: Cleanup
  /** The attribute whose end is also the end of this. */
  within: string | undefined
}

const owned = new WeakMap<Element, Map<unknown, Entry>>()

/**
 * Gives an element something to end, at the latest when it leaves, or when one of its attributes
 * ends.
 */
export function own(el: Element, key: unknown, end: Cleanup, within?: string): void {
  let all = owned.get(el)
  if (!all) owned.set(el, (all = new Map()))
  all.set(key, { end, within })
}

/** Forgets without ending: it has ended by itself. */
export function disown(el: Element, key: unknown): void {
  owned.get(el)?.delete(key)
}

/** Ends one thing of an element, and what belongs to it. */
export function release(el: Element, key: unknown): void {
  const all = owned.get(el)
  all?.forEach(({ end, within }, name) => {
    if (name !== key && within !== key) return
    all.delete(name)
    finish(el, end)
  })
}

export function releaseAll(el: Element): void {
  const all = owned.get(el)
  if (!all) return
  owned.delete(el)
  for (const { end } of all.values()) finish(el, end)
}

function finish(el: Element, end: Cleanup): void {
  try {
    end()
  } catch (cause) {
    report({ el }, cause)
  }
}
