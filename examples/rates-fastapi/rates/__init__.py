"""Exchange rates over HTTP: points of a rate come in from feeds, quotes are computed from them."""
