"""A small shop: orders come in over HTTP, a nightly command reminds customers of what they have to pay."""
