#!/usr/bin/env python3
"""Prints the crates that a program is made of, as cargo-auditable wrote them into it. Needs nothing but Python.

  list-crates.py PROGRAM     such as target/images/signup.files/function

The list is JSON: name, version, source and dependencies of each crate. Scanners of images read the same one.
"""

import json
import pathlib
import struct
import sys
import zlib

SECTION = b".dep-v0"
# Far more than any list has, and less than would fill this computer's memory.
LARGEST = 64 * 1024 * 1024


class Unlisted(Exception):
    """The program does not say what it is made of."""


def section(program: bytes, wanted: bytes) -> bytes:
    """The content of this section of a 64-bit Linux program."""
    if program[:6] != b"\x7fELF\x02\x01":
        raise Unlisted("it is no 64-bit Linux program")
    (table,) = struct.unpack_from("<Q", program, 0x28)
    size, count, names = struct.unpack_from("<HHH", program, 0x3A)
    # Name, type, flags, address, offset, size.
    headers = [struct.unpack_from("<IIQQQQ", program, table + number * size) for number in range(count)]
    for name, _, _, _, offset, length in headers:
        start = headers[names][4] + name
        if program[start : program.index(b"\0", start)] == wanted:
            return program[offset : offset + length]
    raise Unlisted("it was built without cargo-auditable")


def crates(program: bytes) -> dict:
    try:
        packed = section(program, SECTION)
        return json.loads(zlib.decompressobj().decompress(packed, LARGEST))
    except (struct.error, IndexError, ValueError, zlib.error) as error:
        raise Unlisted(f"its list cannot be read: {error}") from error


def main(arguments: list[str]) -> int:
    match arguments:
        case ["-h" | "--help"]:
            print(__doc__)
            return 0
        case [path] if not path.startswith("-"):
            program = pathlib.Path(path).read_bytes()
        case _:
            unknown = [argument for argument in arguments if argument.startswith("-")]
            print(*(f"unknown argument: {argument}" for argument in unknown[:1]), __doc__, sep="\n", file=sys.stderr)
            return 64
    try:
        print(json.dumps(crates(program), indent=1, sort_keys=True))
    except Unlisted as unlisted:
        print(f"{path} lists no crates: {unlisted}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
