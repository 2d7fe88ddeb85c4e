// Runs an action by name, for expressions and for plugins.
import { fail, problem } from './errors'
import { own, type Cleanup } from './cleanup'
import { action, actionPlugins, type ActionPlugin } from './plugins'

export function runAction(
  name: string,
  el: HTMLElement,
  evt: Event | undefined,
  args: unknown[],
  attribute?: string,
): unknown {
  const plugin = actionPlugins.get(name)
  if (!plugin) return fail('UndefinedAction', `@${name}`)
  const cleanups = {
    set: (key: unknown, cleanup: Cleanup) => own(el, key, cleanup),
  } as Map<unknown, Cleanup>
  return plugin.apply({ el, evt, attribute, cleanups, error: problem }, ...args)
}

type Callable = (...args: unknown[]) => unknown

/** `actions.post('/url')` calls one from script; `actions([...])` registers several. */
export const actions = new Proxy((plugins: ActionPlugin[]) => plugins.map(action), {
  get: (target, name): unknown =>
    typeof name === 'string' && actionPlugins.has(name)
      ? (...args: unknown[]) => runAction(name, document.documentElement, undefined, args)
      : Reflect.get(target, name),
}) as unknown as ((plugins: ActionPlugin[]) => ActionPlugin[]) & Record<string, Callable>
