"""Listeners of a local radio station have sent in music."""
import io
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname)s %(name)s - %(message)s",
)
log = logging.getLogger("radio.uploads")

from mutagen.id3 import ID3, TCON, TIT2, TPE1

from radio.tags import NoTags, read


def upload(title, artist, *genres):
    """An MP3 file as a tagging program leaves it; the sound does not matter here."""
    tags = ID3()
    tags.add(TIT2(encoding=3, text=[title]))
    tags.add(TPE1(encoding=3, text=[artist]))
    if genres:
        tags.add(TCON(encoding=3, text=list(genres)))
    file = io.BytesIO(b"\xff\xfb\x90\x64" + bytes(413))
    tags.save(fileobj=file)
    return file.getvalue()


UPLOADS = [
    ("moin.mp3", upload("Moin", "Die Deichkinder", "17")),
    ("hikari.mp3", upload("光", "みずほ", "①")),
    ("noise.mp3", b"\xff\xfb\x90\x64" + bytes(413)),
    ("walzer.mp3", upload("Walzer", "Kurkapelle", "(32)", "Dance")),
]


def main():
    failed = 0
    for name, content in UPLOADS:
        try:
            track = read(content)
        except NoTags:
            log.warning("%s has no tags", name)
        except Exception:
            log.exception("%s not taken over", name)
            failed += 1
        else:
            log.info("%s: %s by %s, genre %s", name, track["title"], track["artist"], ", ".join(track["genres"]))
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
