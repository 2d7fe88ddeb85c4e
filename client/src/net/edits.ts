// Which bound signals the user changed, and when: an answer does not overwrite what is newer
// than its request.

let clock = 0
const edits = new Map<string, number>()

/** The user changed the field that is bound to this path. */
export function noteEdit(path: string): void {
  edits.set(path, ++clock)
}

/** Now, as a moment that later edits can be compared with. */
export const editMark = (): number => clock

export const editedSince = (path: string, mark: number): boolean => (edits.get(path) ?? 0) > mark
