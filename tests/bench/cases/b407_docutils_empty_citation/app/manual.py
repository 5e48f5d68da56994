"""Manual pages of a package, made of the texts that its authors write."""
from docutils.core import publish_string

SETTINGS = {"output_encoding": "unicode", "report_level": 3, "halt_level": 5, "_disable_config": True}

PAGES = {
    "meter": """
=====
meter
=====

read meters
-----------

:Manual section: 1

meter reads what is connected.

-q    tell nothing
-n N  read N times
""",
    "meterd": """
======
meterd
======

:Manual section: 8

The daemon keeps what meter_ reads. The format is that of [OBIS]_.

.. _meter: https://meter.example.org/

.. [OBIS] Object identification system, IEC 62056-61.
""",
    "meter.conf": """
==========
meter.conf
==========

:Manual section: 5

Names of the lines follow [EDIS]_ and [OBIS]_.

.. [EDIS]

.. [OBIS] Object identification system, IEC 62056-61.
""",
}


def page(name):
    return publish_string(PAGES[name], source_path=f"{name}.rst", writer_name="manpage", settings_overrides=SETTINGS)
