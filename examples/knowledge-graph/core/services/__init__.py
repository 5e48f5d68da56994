"""Services shared by all modules: storage, caching and export."""
