"""Filling: a region's HTML in a slot of a finished document, for visitors without a runtime."""

import re

from helio.html.escape import escape
from helio.wire import MountMode


def filled(document: str, target: str, mode: MountMode, html: str) -> str | None:
    """The document with this in its slot or part; None if it has no such place.

    What is mounted stands in an element of its own, as our runtime would write it: should it come
    later after all, no morph of what is around touches that.
    """
    inside = _inside(document, target)
    if inside is None:
        return None
    start, end = inside
    mounted = (
        f'<helio-mount data-into="{escape(target)}" data-mode="{mode}" style="display:contents">'
        f"{html}</helio-mount>"
    )
    before = document[start:end] if mode == "append" else ""
    after = document[start:end] if mode == "prepend" else ""
    return f"{document[:start]}{before}{mounted}{after}{document[end:]}"


def _inside(document: str, target: str) -> tuple[int, int] | None:
    """Where the content of the place begins and ends."""
    attribute = "data-part" if target.startswith("~") else "data-slot"
    name = re.escape(escape(target.removeprefix("~")))
    # Builders write `<` and `>` in attributes as references, so that tags are found like this.
    opening = re.search(rf'<([a-zA-Z][\w.-]*)\s(?:[^<>]*\s)?{attribute}="{name}"[^<>]*>', document)
    if opening is None:
        return None
    depth = 1
    for tag in re.compile(rf"<(/?){opening[1]}(?=[\s/>])", re.IGNORECASE).finditer(
        document, opening.end()
    ):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return opening.end(), tag.start()
    return None
