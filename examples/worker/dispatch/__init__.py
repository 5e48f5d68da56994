"""Parcel dispatch: manifests come in as files, carriers report events, and every parcel is routed and priced."""
