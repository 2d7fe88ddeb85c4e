// @setAll(value, {include, exclude}): gives every signal that passes the value.
import type { ActionPlugin } from '../engine/plugins'
import { leaves, passes, type Filter } from '../signals/filter'
import { batch, untracked } from '../signals/reactive'
import { setPath } from '../signals/store'

export const setAll: ActionPlugin = {
  name: 'setAll',
  apply(_, value: unknown, filter: Filter = {}) {
    const pass = passes(filter)
    untracked(() => batch(() => leaves((path) => pass(path) && setPath(path, value))))
  },
}
