"""Makes the small files that simulated customers send: `python tests/simulator/make_samples.py` writes them anew.

They are kept in the package so that a simulator needs neither PyAV nor Pillow.
"""

# mypy: ignore-errors

import io
import math
import zipfile
from fractions import Fraction
from pathlib import Path

import av
import numpy
from PIL import Image, ImageDraw, ImageFilter

PLACE = Path(__file__).parents[2] / "server" / "simulator" / "assets" / "samples"
RATE = 48_000


def main() -> None:
    PLACE.mkdir(parents=True, exist_ok=True)
    coffee().save(PLACE / "photo.jpg", quality=82, optimize=True)
    lunch().save(PLACE / "picture.png", optimize=True)
    smile(0).save(PLACE / "sticker.webp", quality=70)
    frames = [smile(step) for step in range(8)]
    frames[0].save(
        PLACE / "sticker-animated.webp", save_all=True, append_images=frames[1:], duration=90, loop=0, quality=60
    )
    sound(PLACE / "voice.ogg", "ogg", "libopus", speech(4.2), 24_000)
    sound(PLACE / "song.m4a", "mp4", "aac", melody(3.0), 48_000)
    clip(PLACE / "clip.mp4")
    (PLACE / "menu.pdf").write_bytes(pdf(["Havana Cafe", "", *MENU]))
    (PLACE / "letter.docx").write_bytes(docx("Dear team, please find my documents in this letter."))
    (PLACE / "notes.txt").write_text("Table for four, by the window.\nطاولة لأربعة بجوار النافذة.\n", encoding="utf-8")


def coffee() -> Image.Image:
    """A cup on a wooden table, seen from above, at twice the size and then made smooth."""
    wide, high = 1920, 1440
    image = Image.new("RGB", (wide, high))
    draw = ImageDraw.Draw(image)
    for row in range(high):
        grain = int(10 * math.sin(row / 37) + 6 * math.sin(row / 11))
        draw.line((0, row, wide, row), fill=(150 + grain - row // 40, 104 + grain - row // 50, 68 + grain // 2))
    for plank in range(0, high, 360):
        draw.rectangle((0, plank, wide, plank + 6), fill=(92, 60, 38))
    shadow = Image.new("L", (wide, high), 0)
    ImageDraw.Draw(shadow).ellipse((470, 330, 1510, 1370), fill=150)
    image.paste((60, 38, 24), mask=shadow.filter(ImageFilter.GaussianBlur(40)))
    draw = ImageDraw.Draw(image)
    draw.ellipse((430, 240, 1430, 1240), fill=(246, 241, 232))
    draw.ellipse((500, 310, 1360, 1170), fill=(232, 224, 211))
    draw.rounded_rectangle((1180, 640, 1560, 820), 90, fill=(250, 247, 240))
    draw.rounded_rectangle((1230, 690, 1500, 770), 40, fill=(160, 112, 74))
    draw.ellipse((590, 400, 1270, 1080), fill=(250, 247, 240))
    draw.ellipse((640, 450, 1220, 1030), fill=(96, 56, 32))
    draw.ellipse((660, 470, 1200, 1010), fill=(126, 76, 44))
    for layer, tint in ((0, (214, 176, 134)), (46, (158, 104, 64)), (84, (224, 190, 150)), (130, (166, 112, 70))):
        draw.polygon(heart(930, 760, 210 - layer), fill=tint)
    return image.resize((960, 720), Image.Resampling.LANCZOS)


def heart(x: float, y: float, size: float) -> list[tuple[float, float]]:
    turns = [step / 60 * math.tau for step in range(60)]
    return [
        (
            x + size * math.sin(turn) ** 3,
            y
            - size / 16 * (13 * math.cos(turn) - 5 * math.cos(2 * turn) - 2 * math.cos(3 * turn) - math.cos(4 * turn)),
        )
        for turn in turns
    ]


def lunch() -> Image.Image:
    """A lunch box with five things in it."""
    image = Image.new("RGB", (1280, 960), (236, 240, 236))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((90, 90, 1190, 870), 90, fill=(58, 130, 120))
    draw.rounded_rectangle((130, 130, 650, 830), 60, fill=(244, 236, 220))
    draw.rounded_rectangle((690, 130, 1150, 460), 60, fill=(244, 236, 220))
    draw.rounded_rectangle((690, 500, 1150, 830), 60, fill=(244, 236, 220))
    for row in range(5):
        for column in range(4):
            x, y = 170 + column * 115, 170 + row * 125
            draw.rounded_rectangle((x, y, x + 96, y + 104), 30, fill=(238 - row * 8, 196 - column * 6, 120))
    for place in range(7):
        x, y = 730 + place % 4 * 102, 180 + place // 4 * 120
        draw.ellipse((x, y, x + 92, y + 92), fill=(206, 62, 52))
        draw.ellipse((x + 20, y + 16, x + 42, y + 38), fill=(236, 130, 120))
    draw.pieslice((740, 540, 1100, 900), 180, 360, fill=(120, 170, 72))
    draw.ellipse((860, 640, 980, 760), fill=(248, 208, 90))
    return image.resize((640, 480), Image.Resampling.LANCZOS)


def smile(step: int) -> Image.Image:
    """A cup that smiles; it sways a little from step to step."""
    image = Image.new("RGBA", (1024, 1024), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((640, 420, 900, 700), 120, outline=(255, 255, 255), width=84)
    draw.rounded_rectangle((640, 420, 900, 700), 120, outline=(196, 84, 60), width=56)
    draw.rounded_rectangle((170, 330, 750, 900), 150, fill=(255, 255, 255))
    draw.rounded_rectangle((200, 360, 720, 870), 130, fill=(226, 104, 74))
    for x in (360, 560):
        draw.ellipse((x - 34, 540, x + 34, 620), fill=(60, 26, 20))
    draw.arc((370, 580, 550, 740), 15, 165, fill=(60, 26, 20), width=26)
    for number, x in enumerate((330, 460, 590)):
        rise = 26 * math.sin(step / 8 * math.tau + number)
        draw.arc((x - 40, 120 + rise, x + 40, 300 + rise), 90, 270, fill=(180, 190, 200), width=26)
    turned = image.rotate(5 * math.sin(step / 8 * math.tau), resample=Image.Resampling.BICUBIC)
    return turned.resize((512, 512), Image.Resampling.LANCZOS)


Sound = "numpy.ndarray[tuple[int, ...], numpy.dtype[numpy.float32]]"


def speech(seconds: float) -> Sound:
    """Something with the rise and fall of a spoken sentence."""
    time = numpy.arange(int(seconds * RATE)) / RATE
    pitch = 128 + 22 * numpy.sin(time * 2.1) - 9 * time
    phase = numpy.cumsum(pitch) / RATE * math.tau
    vowel = 620 + 260 * numpy.sin(time * 5.3) + 120 * numpy.sin(time * 11.7)
    voice = sum(numpy.sin(phase * n) / n / (1 + ((n * pitch - vowel) / 420) ** 2) for n in range(1, 16))
    syllables = numpy.clip(numpy.sin(time * 8.8) + 0.45, 0, 1) * (numpy.sin(time * 1.5 + 0.4) > -0.55)
    fade = numpy.minimum(1, numpy.minimum(time, seconds - time) * 12)
    return (0.4 * voice * syllables * fade).astype(numpy.float32)


def melody(seconds: float) -> Sound:
    time = numpy.arange(int(seconds * RATE)) / RATE
    tones = numpy.array([523.25, 659.25, 783.99, 659.25, 587.33, 698.46])[(time * 4).astype(int) % 6]
    tone: Sound = (0.3 * numpy.sin(numpy.cumsum(tones) / RATE * math.tau) * numpy.exp(-5 * (time * 4 % 1))).astype(
        numpy.float32
    )
    return tone


def sound(path: Path, form: str, codec: str, samples: Sound, bits: int) -> None:
    with av.open(str(path), "w", format=form) as file:
        stream = file.add_stream(codec, rate=RATE, layout="mono")
        stream.bit_rate = bits
        put_sound(file, stream, samples)


def put_sound(file: av.container.OutputContainer, stream: av.AudioStream, samples: Sound) -> None:
    resampler = av.AudioResampler(format=stream.format or "flt", layout="mono", rate=RATE)
    for first in range(0, len(samples), 960):
        frame = av.AudioFrame.from_ndarray(samples[first : first + 960].reshape(1, -1), format="flt", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, first, Fraction(1, RATE)
        for each in resampler.resample(frame):
            file.mux(stream.encode(each))
    file.mux(stream.encode(None))


def clip(path: Path) -> None:
    """Two seconds: the sun goes down behind a terrace."""
    with av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as file:
        pictures = file.add_stream("libx264", rate=24, options={"crf": "28", "preset": "veryslow"})
        pictures.width, pictures.height, pictures.pix_fmt = 640, 360, "yuv420p"
        tone = file.add_stream("aac", rate=RATE, layout="mono")
        tone.bit_rate = 32_000
        for number in range(48):
            file.mux(pictures.encode(av.VideoFrame.from_image(evening(number / 47))))
        file.mux(pictures.encode(None))
        put_sound(file, tone, melody(2.0))


def evening(share: float) -> Image.Image:
    image = Image.new("RGB", (640, 360))
    draw = ImageDraw.Draw(image)
    for row in range(360):
        glow = row / 360
        draw.line(
            (0, row, 640, row), fill=(int(60 + 180 * glow), int(70 + 80 * glow), int(120 - 40 * glow + 20 * share))
        )
    height = 110 + 120 * share
    draw.ellipse((270, height, 370, height + 100), fill=(255, 214, 130))
    draw.rectangle((0, 260, 640, 360), fill=(52, 40, 44))
    for x in range(20, 640, 60):
        draw.rectangle((x, 220, x + 8, 262), fill=(38, 28, 32))
    draw.rectangle((0, 214, 640, 222), fill=(38, 28, 32))
    return image


MENU = [
    "Breakfast until noon ........ 38",
    "Lunch of the day ............ 45",
    "Grilled sea bass ............ 82",
    "Cuban coffee ................ 16",
]


def pdf(lines: list[str]) -> bytes:
    """One page in Helvetica, by hand."""
    shown = "".join(f"({line}) Tj 0 -28 Td\n" for line in lines)
    content = f"BT /F1 18 Tf 72 740 Td\n{shown}ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + head + table + end


def docx(text: str) -> bytes:
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>",
    }
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), part)
    return kept.getvalue()


if __name__ == "__main__":
    main()
