import django_tables2 as tables


class MovementTable(tables.Table):
    number = tables.Column()
    article = tables.Column(default="-")
    pieces = tables.Column(attrs={"td": {"class": "right"}})

    class Meta:
        order_by = "number"
