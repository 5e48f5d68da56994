//! Where failures come from: files, log tables and standard input.
