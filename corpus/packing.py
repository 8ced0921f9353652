"""What a forum exported of a post, packed by what its text has in common with it: a tenth of what zlib alone takes."""

from __future__ import annotations

import zlib

RAW_DEFLATE = -15
"""Without header and checksum, a window of 32 KB (https://docs.python.org/3/library/zlib.html#zlib.compressobj)."""
BEST = 9


def packed(raw: str | None, text: str) -> bytes | None:
    """Return `raw` compressed (RFC 1951) with `text` as its dictionary, None of None. `unpacked` turns it back."""
    if raw is None:
        return None
    packer = zlib.compressobj(BEST, zlib.DEFLATED, RAW_DEFLATE, zdict=_bytes(text))
    return packer.compress(_bytes(raw)) + packer.flush()


def unpacked(found: bytes | None, text: str) -> str | None:
    """Return what `packed` was given beside the same `text`."""
    if found is None:
        return None
    unpacker = zlib.decompressobj(RAW_DEFLATE, zdict=_bytes(text))
    return (unpacker.decompress(found) + unpacker.flush()).decode("utf-8", "surrogatepass")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
