"""JSON Merge Patch (RFC 7386)."""

from collections.abc import Mapping
from typing import Any, cast


def merge_patch(target: object, patch: object) -> Any:
    """`target` as `patch` changes it: null deletes a member, objects merge, all else replaces.

    Neither argument is changed; what the patch does not touch is shared with the result. Any depth
    works: the walk keeps its own stack. Source: RFC 7386, section 2.
    """
    if not isinstance(patch, Mapping):
        return patch
    result = _copy(target)
    pending = [(result, cast("Mapping[str, object]", patch))]
    while pending:
        into, changes = pending.pop()
        for name, value in changes.items():
            if value is None:
                into.pop(name, None)
            elif isinstance(value, Mapping):
                into[name] = child = _copy(into.get(name))
                pending.append((child, cast("Mapping[str, object]", value)))
            else:
                into[name] = value
    return result


def _copy(value: object) -> dict[str, object]:
    return dict(cast("Mapping[str, object]", value)) if isinstance(value, Mapping) else {}
