"""Escaping of text for HTML, in C where MarkupSafe has its compiled part."""

from collections.abc import Callable

import markupsafe

# The plain str-to-str function: the public `escape` wraps each result in a Markup object, which
# costs five times as much as the escaping. MarkupSafe is pinned below 4 for this name.
escape: Callable[[str], str] = markupsafe._escape_inner  # pyright: ignore[reportPrivateUsage, reportPrivateImportUsage]
