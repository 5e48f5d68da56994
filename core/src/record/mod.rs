//! Frames the bytes of a log into records.
