"""Comments as HTML: the whole text, and a teaser of its first characters."""
import markdown

TEASER = 48


def cut(text, length=TEASER):
    return text if len(text) <= length else text[:length]


def render(text):
    teaser = markdown.markdown(cut(text))
    return teaser, markdown.markdown(text, extensions=["sane_lists", "nl2br"])
