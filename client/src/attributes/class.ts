// data-class:name="expression" or data-class="{'a b': expression}": classes that come and go.
import type { AttributePlugin } from '../engine/plugins'

export const classes: AttributePlugin = {
  name: 'class',
  requirement: { value: 'must' },
  returnsValue: true,
  apply({ el, key, rx, effect }) {
    const ours = new Set<string>()
    const stop = effect(() => {
      const value = rx()
      for (const [names, on] of Object.entries(
        key === undefined ? Object(value) : { [key]: value },
      )) {
        for (const name of names.split(/\s+/).filter(Boolean)) {
          ours.add(name)
          el.classList.toggle(name, !!on)
        }
      }
    })
    return () => {
      stop()
      el.classList.remove(...ours)
    }
  },
}
