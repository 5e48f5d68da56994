"""Shared building blocks that do not know about any business module."""
