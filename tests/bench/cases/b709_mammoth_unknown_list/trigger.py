"""Two authors upload chapters; one of them was put together from several old documents."""
import asyncio
import io
import logging
import os
import sys
import zipfile

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s | %(levelname)-8s | %(name)s | %(message)s",
)
from handbook.main import app

access = logging.getLogger("uvicorn.access")

PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
NAMESPACES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

TYPES = f"""{HEAD}<Types xmlns="{PACKAGE}content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType="{WORD}document.main+xml"/>
<Override PartName="/word/numbering.xml" ContentType="{WORD}numbering+xml"/>
</Types>"""
ROOT = f"""{HEAD}<Relationships xmlns="{PACKAGE}relationships">
<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>
</Relationships>"""
PARTS = f"""{HEAD}<Relationships xmlns="{PACKAGE}relationships">
<Relationship Id="rId1" Type="{OFFICE}/numbering" Target="numbering.xml"/>
</Relationships>"""
NUMBERING = f"""{HEAD}<w:numbering {NAMESPACES}>
<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="7"/></w:num>
</w:numbering>"""


def paragraph(text, numbered=None):
    properties = ""
    if numbered is not None:
        properties = f'<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="{numbered}"/></w:numPr></w:pPr>'
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def document(*paragraphs):
    body = "".join(paragraphs)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", ROOT)
        archive.writestr("word/_rels/document.xml.rels", PARTS)
        archive.writestr("word/numbering.xml", NUMBERING)
        archive.writestr("word/document.xml", f"{HEAD}<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>")
    return data.getvalue()


UPLOADS = [
    ("/pages/keys", document(paragraph("Keys"), paragraph("front door", 1), paragraph("cellar", 1))),
    ("/pages/fire", document(paragraph("In case of fire"), paragraph("Keep calm", 4), paragraph("Call 112", 4))),
]


async def request(method, path, body=b""):
    """What the ASGI server does for one request."""
    scope = {"type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1",
             "method": method, "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"",
             "root_path": "", "headers": [(b"host", b"handbook.example"), (b"content-length", b"%d" % len(body))],
             "client": ("10.20.0.8", 40112), "server": ("10.20.0.2", 8000), "state": {}}
    status = []

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        if message["type"] == "http.response.start":
            status.append(message["status"])

    await app(scope, receive, send)
    access.info('10.20.0.8:40112 - "%s %s HTTP/1.1" %d', method, path, status[0])
    return status[0]


def main():
    statuses = [asyncio.run(request("PUT", path, data)) for path, data in UPLOADS]
    statuses.append(asyncio.run(request("GET", "/pages")))
    return sum(status >= 500 for status in statuses)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
