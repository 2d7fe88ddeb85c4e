// @toggleAll({include, exclude}): turns every signal that passes into its opposite.
import type { ActionPlugin } from '../engine/plugins'
import { leaves, passes, type Filter } from '../signals/filter'
import { batch, untracked } from '../signals/reactive'
import { setPath } from '../signals/store'

export const toggleAll: ActionPlugin = {
  name: 'toggleAll',
  apply(_, filter: Filter = {}) {
    const pass = passes(filter)
    untracked(() => batch(() => leaves((path, value) => pass(path) && setPath(path, !value))))
  },
}
