"""HTTP/1.1 chunks that many streams share."""


class Frames:
    """Makes chunks (RFC 9112, 7.1), once for what is written to many streams in turn.

    The last two are kept, because streams of two kinds may take turns: those with our runtime, and
    others.
    """

    __slots__ = ("_newest", "_newest_chunk", "_older", "_older_chunk")

    def __init__(self) -> None:
        self._newest: bytes = b""
        self._newest_chunk: bytes = b""
        self._older: bytes = b""
        self._older_chunk: bytes = b""

    def chunk(self, data: bytes) -> bytes:
        """These bytes as a chunk; nothing for nothing, since an empty chunk would be the last."""
        if data is self._newest:
            return self._newest_chunk
        if data is self._older:
            return self._older_chunk
        self._older, self._older_chunk = self._newest, self._newest_chunk
        self._newest, self._newest_chunk = data, chunk(data)
        return self._newest_chunk


def chunk(data: bytes) -> bytes:
    """These bytes as a chunk; nothing for nothing."""
    return b"%x\r\n%b\r\n" % (len(data), data) if data else b""


LAST = b"0\r\n\r\n"
"""The end of a body in chunks."""
