"""Backend of the knowledge graph: storage, queries, ontology and import."""
