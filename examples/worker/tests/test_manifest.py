from decimal import Decimal

import pytest

from dispatch.manifest import ManifestReader, import_file
from dispatch.models import DispatchError, Service
from dispatch.store import ParcelStore

TEXT = "H;ACME;2026-03-02\n# comment\n\nP;1;BER;2.5;express\nP;2;MUC;1;standard\n"


def test_reads_header_and_parcels():
    reader = ManifestReader()
    manifest = reader.read(TEXT)
    assert manifest.sender == "ACME"
    assert [p.number for p in manifest.parcels] == ["1", "2"]
    assert manifest.parcels[0].weight == Decimal("2.5")
    assert manifest.parcels[0].service is Service.EXPRESS
    assert reader.lines_read == 5


def test_a_manifest_starts_with_its_header():
    with pytest.raises(DispatchError):
        ManifestReader().read("P;1;BER\n")


def test_imports_a_file(tmp_path):
    path = tmp_path / "acme.txt"
    path.write_text(TEXT)
    store = ParcelStore()
    assert import_file(path, store, ManifestReader()) == {"success": True, "sender": "ACME", "parcels": 2}
    assert len(store) == 2
    assert import_file(path, store, ManifestReader())["success"] is False
