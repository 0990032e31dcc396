"""A very small FlatBuffers writer: just enough to put one metadata entry into a TensorFlow Lite model.

Why not a library: the pose bundle's hash is pinned, so the same bytes must come out on every machine for years.
The layout here depends on nothing but this file. A FlatBuffers reference is an unsigned distance *forward*, so
everything is laid out parents first, and parts of an existing buffer can be referred to by leaving that buffer
untouched at the end of the new one.

Format: https://flatbuffers.dev/internals/ (tables, vtables, vectors, strings, file identifier).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_HEADER_BYTES = 8  # root reference and four-letter identifier
_ORIGINAL_ALIGNMENT = 64  # at least the 16 bytes that weight buffers ask for


@dataclass(frozen=True, eq=False)
class Scalar:
    """A number stored in the table itself; ``code`` is a ``struct`` letter (B, I, ...)."""

    code: str
    value: int


@dataclass(frozen=True, eq=False)
class Existing:
    """Something at byte ``position`` of the original buffer."""

    position: int


@dataclass(frozen=True, eq=False)
class Block:
    """A vector of plain values, or a string: ``count`` and the packed ``data``."""

    count: int
    data: bytes
    alignment: int = 4


@dataclass(frozen=True, eq=False)
class Vector:
    """A vector of references."""

    items: tuple[Table | Existing, ...]


@dataclass(frozen=True, eq=False)
class Table:
    """Field number -> value. Absent fields keep the schema's default."""

    fields: dict[int, Scalar | Table | Vector | Block | Existing]


Node = Table | Vector | Block
_Target = Callable[[Node | Existing], int]


def text(value: str) -> Block:
    """A string, with the closing zero byte that the format asks for."""
    encoded = value.encode()
    return Block(len(encoded), encoded + b"\0")


def floats(*values: float) -> Block:
    """A vector of 32-bit floats."""
    return Block(len(values), struct.pack(f"<{len(values)}f", *values))


def integers(*values: int) -> Block:
    """A vector of 32-bit integers."""
    return Block(len(values), struct.pack(f"<{len(values)}i", *values))


def raw(data: bytes) -> Block:
    """A vector of bytes, aligned as TensorFlow Lite wants its buffers."""
    return Block(len(data), data, alignment=16)


def serialize(root: Table, identifier: bytes, original: bytes = b"") -> bytes:
    """Bytes of a FlatBuffers file whose root is ``root``; ``original`` follows unchanged when given."""
    position_of: dict[int, int] = {}
    end = _HEADER_BYTES
    nodes = list(_parents_first(root))
    for node in nodes:
        position_of[id(node)] = _aligned(end, node)
        end = position_of[id(node)] + _size(node)
    base = -(-end // _ORIGINAL_ALIGNMENT) * _ORIGINAL_ALIGNMENT if original else end
    out = bytearray(base)
    struct.pack_into("<I4s", out, 0, position_of[id(root)], identifier)

    def target(value: Node | Existing) -> int:
        return base + value.position if isinstance(value, Existing) else position_of[id(value)]

    for node in nodes:
        _write(out, position_of[id(node)], node, target)
    return bytes(out) + original


def _parents_first(node: Node) -> Iterator[Node]:
    yield node
    children: tuple[object, ...] = ()
    if isinstance(node, Table):
        children = tuple(node.fields.values())
    elif isinstance(node, Vector):
        children = node.items
    for child in children:
        if isinstance(child, Table | Vector | Block):
            yield from _parents_first(child)


def _vtable_bytes(table: Table) -> int:
    return 4 + 2 * (max(table.fields) + 1)


def _aligned(end: int, node: Node) -> int:
    """Where ``node`` starts; for a table that is behind its vtable, which is written in front of it."""
    if isinstance(node, Table):
        return -(-(end + _vtable_bytes(node)) // 4) * 4
    step = node.alignment if isinstance(node, Block) else 4
    return -(-(end + 4) // step) * step - 4  # the count comes first, the data must be aligned


def _size(node: Node) -> int:
    if isinstance(node, Table):
        return 4 + 4 * len(node.fields)  # four bytes a field, also for the few one-byte scalars
    if isinstance(node, Vector):
        return 4 + 4 * len(node.items)
    return 4 + len(node.data)


def _write(out: bytearray, position: int, node: Node, target: _Target) -> None:
    if isinstance(node, Block):
        struct.pack_into("<I", out, position, node.count)
        out[position + 4 : position + 4 + len(node.data)] = node.data
    elif isinstance(node, Vector):
        struct.pack_into("<I", out, position, len(node.items))
        for slot, item in enumerate(node.items):
            place = position + 4 + 4 * slot
            struct.pack_into("<I", out, place, target(item) - place)
    else:
        _write_table(out, position, node, target)


def _write_table(out: bytearray, position: int, table: Table, target: _Target) -> None:
    vtable = position - _vtable_bytes(table)
    struct.pack_into("<HH", out, vtable, _vtable_bytes(table), _size(table))
    struct.pack_into("<i", out, position, position - vtable)
    for order, (number, value) in enumerate(table.fields.items()):
        offset = 4 + 4 * order
        struct.pack_into("<H", out, vtable + 4 + 2 * number, offset)
        place = position + offset
        if isinstance(value, Scalar):
            struct.pack_into("<" + value.code, out, place, value.value)
        else:
            struct.pack_into("<I", out, place, target(value) - place)
