"""Makes a PNG small: 256 colours, of which the commonest stay as they are. Of a chart or a map the eye sees no difference."""
import collections
import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {2: 3, 6: 4}  # by colour type: RGB, RGBA


def chunks(data):
    place = len(SIGNATURE)
    while place < len(data):
        length = struct.unpack(">I", data[place:place + 4])[0]
        yield data[place + 4:place + 8], data[place + 8:place + 8 + length]
        place += 12 + length


def predicted(kind, left, up, corner):
    """The filters of PNG, section 9.2."""
    if kind == 4:
        base = left + up - corner
        return min((left, up, corner), key=lambda value: abs(value - base))
    return (0, left, up, (left + up) // 2)[kind]


def unfiltered(raw, height, stride, step):
    rows, above = [], bytearray(stride)
    for y in range(height):
        kind = raw[y * (stride + 1)]
        row = bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for x in range(stride if kind else 0):
            left, corner = (row[x - step], above[x - step]) if x >= step else (0, 0)
            row[x] = (row[x] + predicted(kind, left, above[x], corner)) & 255
        rows.append(row)
        above = row
    return rows


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def shrink(path):
    """Writes the 8-bit RGB or RGBA picture at `path`, whose alpha is dropped, anew."""
    with open(path, "rb") as file:
        data = file.read()
    parts = collections.defaultdict(bytes)
    for name, part in chunks(data):
        parts[name] += part
    width, height, depth, kind = struct.unpack(">IIBB", parts[b"IHDR"][:10])
    step = CHANNELS[kind]
    rows = unfiltered(zlib.decompress(parts[b"IDAT"]), height, width * step, step)
    pixels = [[bytes(row[x:x + 3]) for x in range(0, len(row), step)] for row in rows]
    counts = collections.Counter(pixel for row in pixels for pixel in row)
    palette = [colour for colour, _ in counts.most_common(256)]
    nearest = {colour: min(range(len(palette)), key=lambda i: sum((a - b) ** 2 for a, b in zip(palette[i], colour))) for colour in counts}
    packed = b"".join(b"\0" + bytes(nearest[pixel] for pixel in row) for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(SIGNATURE + chunk(b"IHDR", header) + chunk(b"PLTE", b"".join(palette)) +
                   chunk(b"IDAT", zlib.compress(packed, 9)) + chunk(b"IEND", b""))
