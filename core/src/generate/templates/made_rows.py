def make_rows(key, *models):
    """A row in the table of each model: production's were not captured, so whatever its columns take."""
    from contextlib import suppress

    from django.db import connections, router, transaction
    from django.utils import timezone

    def anything(column):
        for guess in ([value for value, _ in column.flatchoices if value], [key, "a1", timezone.now()]):
            for value in guess:
                with suppress(Exception):
                    return column.to_python(value)

    for model in models:
        if model._meta.abstract:
            continue
        row = model(pk=key)
        for column in model._meta.concrete_fields:
            value = getattr(row, column.attname)
            if column.remote_field and not column.null and value is None:
                setattr(row, column.attname, key)
            elif not column.remote_field and (value == "" or value is None and not column.null):
                setattr(row, column.attname, anything(column))
        using = router.db_for_write(model)
        with suppress(Exception), transaction.atomic(using), connections[using].constraint_checks_disabled():
            write_row(row, using)
            hold_places(row, using)
