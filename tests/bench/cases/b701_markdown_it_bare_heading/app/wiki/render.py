"""Turns what is typed into the editor into the HTML of a page."""
from markdown_it import MarkdownIt

_parser = MarkdownIt("commonmark").enable("table")


def to_html(text):
    return _parser.render(text)


def headings(text):
    """The headings of a page, for its table of contents."""
    tokens = _parser.parse(text)
    return [tokens[i + 1].content for i, token in enumerate(tokens) if token.type == "heading_open"]
