"""A pen for the compound files of the Office of 1997 ([MS-CFB]): just enough to be opened."""

import struct
from collections.abc import Mapping
from typing import Any

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def write(tree: Mapping[str, Any]) -> bytes:
    """Streams (name -> bytes) and storages (name -> another such mapping), as one file."""
    entries: list[list[Any]] = [["Root Entry", 5, _FREE, b""]]
    siblings: list[int] = [_FREE]

    def add(children: Mapping[str, Any]) -> int:
        first = before = _FREE
        for name, content in children.items():
            number = len(entries)
            stream = content if isinstance(content, bytes) else b""
            # Above 4096 bytes, so that no mini stream is needed.
            padded = stream + bytes(max(0, 4096 - len(stream))) if stream else b""
            entries.append([name, 2 if isinstance(content, bytes) else 1, _FREE, padded])
            siblings.append(_FREE)
            if before == _FREE:
                first = number
            else:
                siblings[before] = number
            before = number
            if not isinstance(content, bytes):
                entries[number][2] = add(content)
        return first

    entries[0][2] = add(tree)
    directory_sectors = -(-len(entries) * 128 // _SECTOR)
    fat = [_FAT] + [2 + n for n in range(directory_sectors - 1)] + [_END]
    body = b""
    directory = b""
    for (name, kind, child, stream), right in zip(entries, siblings, strict=True):
        start = _END
        if stream:
            count = -(-len(stream) // _SECTOR)
            start = len(fat)
            fat += [start + 1 + n for n in range(count - 1)] + [_END]
            body += stream.ljust(count * _SECTOR, b"\0")
        label = name.encode("utf-16-le") + b"\0\0"
        directory += label.ljust(64, b"\0") + struct.pack(
            "<HBBIII16sIQQIQ",
            len(label), kind, 1, _FREE, right, child, b"", 0, 0, 0, start, len(stream),
        )  # fmt: skip
    directory = directory.ljust(directory_sectors * _SECTOR, b"\0")
    assert len(fat) <= 128, "one sector of table is enough for what the tests draw"
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII",
        bytes.fromhex("D0CF11E0A1B11AE1"), b"", 0x3E, 3, 0xFFFE, 9, 6, b"",
        0, 1, 1, 0, 4096, _END, 0, _END, 0, 0,
    )  # fmt: skip
    header += struct.pack("<108I", *([_FREE] * 108))
    table = struct.pack("<128I", *fat, *([_FREE] * (128 - len(fat))))
    return header + table + directory + body
