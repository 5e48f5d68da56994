"""The categories of the shop, as the back office edits them."""
from django import forms
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from .models import Category


class CategoryForm(forms.ModelForm):
    class Meta:
        model = Category
        fields = ["name", "hidden"]


@csrf_exempt
@require_POST
def create(request, parent=None):
    """A new category below another one, or a new department of the shop."""
    form = CategoryForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=400)
    category = form.save(commit=False)
    if parent is None:
        Category.add_root(instance=category)
    else:
        get_object_or_404(Category, pk=parent).add_child(instance=category)
    return JsonResponse({"id": category.pk, "depth": category.depth}, status=201)


@require_GET
def tree(request):
    nodes = Category.get_tree().filter(hidden=False)
    return JsonResponse({"categories": ["  " * (node.depth - 1) + node.name for node in nodes]})
