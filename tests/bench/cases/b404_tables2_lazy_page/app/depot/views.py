from django.views.generic import TemplateView
from django_tables2 import LazyPaginator, SingleTableMixin

from .tables import MovementTable

ARTICLES = ["hinge", "screw 4x30", None, "drawer"]


def movements():
    return [{"number": 7000 + n, "article": ARTICLES[n % 4], "pieces": n * 13 % 40 - 15} for n in range(60)]


class MovementList(SingleTableMixin, TemplateView):
    """What went in and out; the list is long, so its end is not counted."""

    template_name = "depot/movements.html"
    table_class = MovementTable
    table_pagination = {"paginator_class": LazyPaginator, "per_page": 25}

    def get_table_data(self):
        return movements()
