# SPDX-License-Identifier: Apache-2.0
"""Is the program one file that needs nothing else? The release build is; debug and sanitizer builds are not."""
import struct


def is_static(program):
    with open(program, 'rb') as f:
        head = f.read(64)
        offset, size, count = struct.unpack_from('<Q', head, 32)[0], *struct.unpack_from('<HH', head, 54)
        f.seek(offset)
        table = f.read(size * count)
    return not any(struct.unpack_from('<I', table, n * size)[0] == 3 for n in range(count))  # PT_INTERP
