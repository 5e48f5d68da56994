"""What a file in the upload folder says about itself."""
import io

from mutagen import MutagenError
from mutagen.easyid3 import EasyID3


class NoTags(Exception):
    pass


def read(content):
    """Title, artist and genres of an MP3 file, given as bytes."""
    try:
        tags = EasyID3(io.BytesIO(content))
    except MutagenError as error:
        raise NoTags(str(error)) from error
    return {
        "title": tags.get("title", ["?"])[0],
        "artist": tags.get("artist", ["?"])[0],
        "genres": tags.get("genre", []),
    }
