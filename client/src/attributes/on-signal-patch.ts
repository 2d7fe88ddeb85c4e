// data-on-signal-patch="statements": runs when signals change, with `patch`. __delay __debounce
// __throttle.
// data-on-signal-patch-filter="{include, exclude}" says which.
import type { AttributePlugin } from '../engine/plugins'
import { compiled } from '../engine/compile'
import { timed } from '../engine/timing'
import { filtered, type Filter } from '../signals/filter'
import { batch } from '../signals/reactive'
import { root, tell, type Plain } from '../signals/store'

export const onSignalPatch: AttributePlugin = {
  name: 'on-signal-patch',
  requirement: { key: 'denied', value: 'must' },
  argNames: ['patch'],
  apply({ el, mods, rx }) {
    const text = el.getAttribute('data-on-signal-patch-filter')
    const filter = (
      text ? compiled({ text, returns: true, args: [] })(el, root, undefined) : {}
    ) as Filter
    let running = false
    const [run, cancel] = timed((patch: Plain) => {
      // What the handler changes itself is no news to it.
      running = true
      try {
        batch(() => rx(patch))
      } finally {
        running = false
      }
    }, mods)
    const heard = (event: Event): void => {
      if (running) return
      const patch = filtered(filter, (event as CustomEvent<Plain>).detail)
      if (Object.keys(patch).length) run(patch)
    }
    // What was declared before this listener is none of its business.
    tell()
    document.addEventListener('datastar-signal-patch', heard)
    return () => {
      document.removeEventListener('datastar-signal-patch', heard)
      cancel()
    }
  },
}
