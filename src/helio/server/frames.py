"""HTTP/1.1 chunks that many streams share."""


class Frames:
    """Makes chunks (RFC 9112, 7.1), once for what is written to many streams in turn.

    The last two are kept, because streams of two kinds may take turns: those with our runtime, and
    others.
    """

    __slots__ = ("_older", "_older_chunk", "newest", "newest_chunk")

    def __init__(self) -> None:
        self.newest: bytes = b""
        self.newest_chunk: bytes = b""
        self._older: bytes = b""
        self._older_chunk: bytes = b""

    def chunk(self, data: bytes) -> bytes:
        """These bytes as a chunk; nothing for nothing, since an empty chunk would be the last."""
        if data is self.newest:
            return self.newest_chunk
        older, older_chunk = self._older, self._older_chunk
        self._older, self._older_chunk = self.newest, self.newest_chunk
        self.newest = data
        self.newest_chunk = older_chunk if data is older else chunk(data)
        return self.newest_chunk


def chunk(data: bytes) -> bytes:
    """These bytes as a chunk; nothing for nothing."""
    return b"%x\r\n%b\r\n" % (len(data), data) if data else b""


LAST = b"0\r\n\r\n"
"""The end of a body in chunks."""
