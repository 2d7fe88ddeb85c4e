// data-ref:name or data-ref="name": the element as a signal. __case.
import type { AttributePlugin } from '../engine/plugins'
import { getPath, mergePaths, setPath } from '../signals/store'

export const ref: AttributePlugin = {
  name: 'ref',
  requirement: 'exclusive',
  literal: true,
  apply({ el, key, value }) {
    const path = key ?? value
    setPath(path, el)
    return () => {
      if (getPath(path) === el) mergePaths([[path, null]], { nulls: false })
    }
  },
}
