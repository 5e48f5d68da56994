//! The three SQLite files under `tools/guwu/`.
