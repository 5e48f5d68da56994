from django.http import JsonResponse

from .forms import FilterForm
from .models import Product


def product_list(request):
    form = FilterForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=400)
    products = Product.objects.all()
    low, high = form.cleaned_data["min_price"], form.cleaned_data["max_price"]
    if low is not None:
        products = products.filter(price__gte=low)
    if high is not None:
        products = products.filter(price__lte=high)
    return JsonResponse({"products": [{"sku": p.sku, "name": p.name, "price": str(p.price)} for p in products]})
