// What the user is in the middle of: elements with data-hold, and the field in which an input
// method is composing.

let released = (): void => {}
/** Elements with the attribute. */
let count = 0
let composing: Element | undefined
let told = false

/** Names the one function that runs, after the present task's changes, when a hold has ended. */
export function onRelease(run: () => void): void {
  released = run
}

/** An element is held until the returned function is called. */
export function hold(): () => void {
  count++
  return () => {
    count--
    release()
  }
}

export const isHolding = (): boolean => count > 0 || !!composing

function release(): void {
  if (told) return
  told = true
  queueMicrotask(() => {
    told = false
    released()
  })
}

/** Whether a change of this element touches what is held: inside it, around it, or itself. */
export function isHeld(el: Element): boolean {
  const held = [...el.querySelectorAll('[data-hold]')]
  if (composing?.isConnected) {
    if (composing.contains(el)) return true
    if (el.contains(composing)) held.push(composing)
  }
  // What is mounted inside is not touched by what happens around it.
  return !!el.closest('[data-hold]') || held.some((one) => !isMountedIn(el, one))
}

/** Whether a mount stands between an element and one around it. */
export function isMountedIn(top: ParentNode & Node, el: Element): boolean {
  const wrapper = el.closest('helio-mount')
  return !!wrapper && top !== wrapper && top.contains(wrapper)
}

addEventListener('compositionstart', ({ target }) => (composing = target as Element), true)
addEventListener(
  'compositionend',
  () => {
    composing = undefined
    release()
  },
  true,
)
