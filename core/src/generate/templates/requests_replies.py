def requests_replies(replies):
    """Answers what requests sends as production's services did."""

    def send(adapter, request, **options):
        asked = request.method, urlsplit(request.url).path
        if asked not in replies:
            pytest.fail(f"production's services had answered {list(replies)}, not {asked}")
        response = requests.Response()
        response.status_code, headers, response._content = replies[asked]
        response.headers.update(headers)
        response.encoding = requests.utils.get_encoding_from_headers(response.headers)
        response.request, response.url = request, request.url
        return response

    return send
