"""Page numbers arrive in the views as numbers, and never below one."""


class PageNumber:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        page = request.GET.get("page")
        if page is not None:
            query = request.GET.copy()
            query["page"] = max(1, int(page)) if page.isdigit() else 1
            request.GET = query
        return self.get_response(request)
