def httpx_replies(replies):
    """Answers what httpx sends as production's services did."""

    def handle(transport, request):
        asked = request.method, request.url.path
        if asked not in replies:
            pytest.fail(f"production's services had answered {list(replies)}, not {asked}")
        status, headers, body = replies[asked]
        return httpx.Response(status, headers=headers, content=body)

    return handle
