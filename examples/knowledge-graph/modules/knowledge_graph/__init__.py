"""Knowledge graph of business objects and how they relate."""
