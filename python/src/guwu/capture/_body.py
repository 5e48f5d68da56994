"""Takes secrets out of query strings and bodies and keeps their shape: what was JSON or a form stays one.

A text that holds no secret stays as it was, character for character. It deliberately reads no stream.
"""

from __future__ import annotations

import json
import re
from typing import Any, Optional
from urllib.parse import quote_plus, unquote_plus

from guwu.capture._redact import Secrets

_NAME = re.compile(r'name="([^"\r\n]*)"')
_BOUNDARY = re.compile(r'boundary="?([^";,\s]{1,200})')


def clean_query(text: str, secrets: Secrets) -> str:
    """Return ``a=1&b=2`` without secret values."""
    parts = []
    for part in re.split("([&;])", text):
        name, equals, value = part.partition("=")
        if equals and value:
            plain = unquote_plus(value)
            if secrets.weight(unquote_plus(name)):
                secrets.remember(plain)
                value = quote_plus(secrets.stand_in(plain))
            else:
                clean = secrets.clean(plain)
                value = value if clean == plain else quote_plus(clean)
        parts.append(name + equals + value)
    return "".join(parts)


def clean_body(body: bytes, content_type: str, secrets: Secrets, *, whole: bool) -> Any:
    """Return a text without secrets, or bytes when the body is none."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        # A text that was cut within a character.
        if whole or error.start < len(body) - 4:
            return _clean_parts(body.decode("latin-1"), content_type, secrets).encode("latin-1")
        text = body[: error.start].decode("utf-8")
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return clean_query(text, secrets)
    if whole and (kind.endswith("json") or text[:1] in "{["):
        clean = _clean_json(text, secrets)
        if clean is not None:
            return clean
    return _clean_parts(text, content_type, secrets)


def body_node(encoder: Any, body: bytes, size: int, content_type: str) -> Any:
    """Return what is written of a body of `size` bytes, of which `body` was read."""
    limit = encoder.limits.body
    whole = size <= min(len(body), limit)
    encoder.steps += len(body) >> 7
    clean = clean_body(body[:limit], content_type, encoder.secrets, whole=whole)
    if not isinstance(clean, str):
        return encoder.raw(clean, "bytes", 0, limit)
    return clean if whole else {"t": "str", "v": clean, "cut": size - limit}


def _clean_parts(text: str, content_type: str, secrets: Secrets) -> str:
    found = _BOUNDARY.search(content_type) if content_type.lower().startswith("multipart/") else None
    if found is None:
        return secrets.clean(text)
    separator = f"--{found[1]}"
    return separator.join(_clean_part(part, secrets) for part in text.split(separator))


def _clean_part(part: str, secrets: Secrets) -> str:
    head, blank, content = part.partition("\r\n\r\n")
    name = _NAME.search(head)
    if not blank or name is None or not secrets.weight(name[1]):
        return secrets.clean(part)
    value = content[:-2] if content.endswith("\r\n") else content
    secrets.remember(value)
    return head + blank + secrets.stand_in(value) + content[len(value) :]


def _clean_json(text: str, secrets: Secrets) -> Optional[str]:
    """Return the JSON text without secrets; None when it is no JSON."""
    try:
        value = json.loads(text)
        clean = _clean_value(value, 0, secrets)
        return text if clean == value else json.dumps(clean, ensure_ascii=False)
    except (ValueError, RecursionError):
        return None


def _clean_value(value: Any, weight: int, secrets: Secrets) -> Any:
    if isinstance(value, dict):
        return {key: _clean_value(held, max(weight, abs(secrets.weight(key))), secrets) for key, held in value.items()}
    if isinstance(value, list):
        return [_clean_value(held, weight, secrets) for held in value]
    if isinstance(value, str):
        if weight and value:
            secrets.remember(value)
            return secrets.stand_in(value)
        return secrets.clean(value)
    if isinstance(value, bool) or value is None:
        return value
    text = str(abs(value))
    if weight:
        secrets.remember(text)
    if weight or secrets.clean(text) != text:
        return int(secrets.stand_in(text)) if isinstance(value, int) else float(secrets.number(text))
    return value
