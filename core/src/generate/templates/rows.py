def write_rows(*rows):
    """Have rows in the database as production had them: neither save() nor a signal of the project runs."""
    from django.db import connections, router, transaction

    using = router.db_for_write(type(rows[0]), instance=rows[0])
    with transaction.atomic(using), connections[using].constraint_checks_disabled():
        for row in rows:
            write_row(row, using)
        for row in rows:
            hold_places(row, using)


def write_row(row, using):
    """One row, with a part in the table of each model that it inherits from."""
    for model in [*reversed(row._meta.get_parent_list()), row._meta.concrete_model]:
        table = model._base_manager.using(using)
        key = getattr(row, model._meta.pk.attname)
        if model._meta.proxy or table.filter(pk=key).exists():
            continue
        columns = [c for c in model._meta.local_concrete_fields if not getattr(c, "generated", False)]
        table._insert([row], fields=columns, using=using, raw=True)
    row._state.adding, row._state.db = False, using


def hold_places(row, using):
    """Rows that it refers to and that were not captured: of them nothing but the key is known."""
    from contextlib import suppress

    from django.utils import timezone

    def anything(column, key):
        for guess in (key, 0, timezone.now(), "0"):
            with suppress(Exception):
                return column.to_python(guess)

    for relation in row._meta.concrete_fields:
        key = getattr(row, relation.attname)
        if not relation.remote_field or key is None or not relation.db_constraint:
            continue
        model, target = relation.remote_field.model, relation.target_field
        if model._base_manager.using(using).filter(**{target.attname: key}).exists():
            continue
        place = model(**{target.attname: key})
        for column in model._meta.concrete_fields:
            value = getattr(place, column.attname)
            is_missing = value is None and not column.null
            is_alike = value is not None and column.unique and column is not target
            if (is_missing or is_alike) and not column.primary_key:
                setattr(place, column.attname, anything(column, key))
        write_row(place, using)
        hold_places(place, using)
