"""Word documents to the HTML of the handbook."""
import io

import mammoth

STYLES = """
p[style-name='Title'] => h1.title:fresh
p[style-name='Warning'] => div.warning > p:fresh
"""


def to_html(data):
    result = mammoth.convert_to_html(io.BytesIO(data), style_map=STYLES)
    return result.value, [message.message for message in result.messages]
